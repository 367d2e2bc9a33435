import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, OutlastError } from '../base/errors.js';
import { printable } from '../base/printable.js';
import { isOwnCode } from '../system/own-code.js';
import { checkConfig } from './check.js';
import * as face from './face.js';
import * as mqttFace from './faces/mqtt.js';
import * as socketIoFace from './faces/socketio.js';
import type { Config } from './types.js';

export const configNames = [
  'outlast.config.ts',
  'outlast.config.mts',
  'outlast.config.js',
  'outlast.config.mjs',
] as const;

/**
 * The checked config in the file `given`, or in `outlast.config.{ts,mts,js,mjs}` of `folder`. Throws `CONFIG_NOT_FOUND`,
 * `CONFIG_THREW` with the author's own error and its place, `CONFIG_INVALID` with every problem, `SECRET_MISSING`.
 */
export async function loadConfig(given?: string, folder: string = process.cwd()): Promise<Config> {
  const file = given === undefined ? await findIn(folder) : path.resolve(folder, given);
  if (file === null || !(await isFile(file))) throw notFound(file, folder);
  return checkConfig(await exportOf(file), path.relative(folder, file) || file);
}

async function findIn(folder: string): Promise<string | null> {
  for (const name of configNames) {
    const file = path.join(folder, name);
    if (await isFile(file)) return file;
  }
  return null;
}

const isFile = (file: string) =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );

async function exportOf(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  // `outlast` is this very program, also where it is not installed beside the config; nothing is written to a cache.
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    virtualModules: {
      outlast: { ...face },
      'outlast/mqtt': { ...mqttFace },
      'outlast/socketio': { ...socketIoFace },
    },
  });
  let exported: unknown;
  try {
    exported = await jiti.import(file);
  } catch (thrown) {
    throw thrown instanceof OutlastError ? thrown : await threw(file, thrown);
  }
  if (typeof exported === 'object' && exported !== null && 'default' in exported) return exported.default;
  throw new OutlastError(
    'CONFIG_INVALID',
    `expected ${path.basename(file)} to export a config; it has no default export. Write: export default defineConfig({ … })`,
  );
}

async function threw(file: string, thrown: unknown): Promise<OutlastError> {
  const place = placeIn(thrown);
  const where = place ? `${path.relative(process.cwd(), place.file)}:${place.line}` : path.basename(file);
  const kind = thrown instanceof Error && thrown.name !== 'Error' ? `${thrown.name}: ` : '';
  const [said = ''] = messageOf(thrown).split('\n');
  return new OutlastError('CONFIG_THREW', `expected ${path.basename(file)} to load; it threw at ${where}`, {
    cause: thrown,
    details: [printable(`${kind}${said.trim()}`, 500), ...(place ? await quoted(place) : [])],
  });
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** The first line of the author's own code in the stack; a syntax error names it in its message. */
function placeIn(thrown: unknown): Place | null {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : '';
  for (const match of stack.matchAll(/((?:file:\/\/)?\/[^\n()]*?):(\d+):\d+/g)) {
    const named = match[1] ?? '';
    const file = named.startsWith('file://') ? fileURLToPath(named) : named;
    if (!file.includes('/node_modules/') && !isOwnCode(file)) {
      return { file, line: Number(match[2]) };
    }
  }
  return null;
}

async function quoted({ file, line }: Place): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const source = text.split('\n')[line - 1]?.trim();
  return source ? [`${line} | ${printable(source, 100)}`] : [];
}

/** The smallest config that runs, shown to whoever has none. */
export const smallestConfig = `import { defineConfig, launch, password, restart, webSocket } from 'outlast';

export default defineConfig({
  target: {
    services: { backend: launch({ command: 'node server.js', ready: 'http://127.0.0.1:8000/health' }) },
    users: password({
      url: 'http://127.0.0.1:8000/auth/login',
      user: (number) => ({ name: \`user\${number}\`, password: 'secret' }),
    }),
    client: webSocket({ url: 'ws://127.0.0.1:8000/ws', token: 'query' }),
  },
  disruption: restart('backend'),
});`;

function notFound(file: string | null, folder: string): OutlastError {
  const message =
    file === null
      ? `expected ${configNames[0]} (or .mts, .js, .mjs) in ${folder}; there is none. Write one, or name it with --config`
      : `expected a config file at ${file}; there is none`;
  return new OutlastError('CONFIG_NOT_FOUND', message, {
    details: [`A config that works, to begin with (${configNames[0]}):`, '', ...smallestConfig.split('\n')],
  });
}
