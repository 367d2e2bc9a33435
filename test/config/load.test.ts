import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutlastError } from '../../src/base/errors.js';
import { loadConfig, secretsRead } from '../../src/config/index.js';
import { configNames, smallestConfig } from '../../src/config/load.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'outlast-config-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFile(path.join(folder, name), text);

async function errorOf(loading: Promise<unknown>): Promise<OutlastError> {
  try {
    await loading;
  } catch (error) {
    if (error instanceof OutlastError) return error;
    throw error;
  }
  throw new Error('expected an OutlastError; nothing was thrown');
}

describe('loading a config', () => {
  it('runs the smallest config, which is shown to whoever has none', async () => {
    await write('outlast.config.ts', smallestConfig);
    const config = await loadConfig(undefined, folder);
    expect(config).toMatchObject({ file: 'outlast.config.ts', disruption: { services: ['backend'] } });
    expect(await readdir(folder)).toEqual(['outlast.config.ts']);
  });

  it.each(configNames)('finds %s', async (name) => {
    const plain = smallestConfig.replace('(number)', '(n)').replace('${number}', '${n}');
    await write(name, plain);
    expect((await loadConfig(undefined, folder)).file).toBe(name);
  });

  it('takes the file that is named, types, imports and a promise included', async () => {
    await write('shared.ts', 'export const sessions: number = 7;');
    await write(
      'other.ts',
      `import { sessions } from './shared.js';\n${smallestConfig.replace(
        'export default defineConfig({',
        'interface Own { readonly a?: number }\nconst own: Own = {};\nexport default Promise.resolve({ ...own, workload: { sessions },',
      )}`.replace(/\);$/, ');'),
    );
    expect((await loadConfig('other.ts', folder)).workload.sessions).toBe(7);
  });

  it('says what to do where there is none, with a config that works', async () => {
    const missing = await errorOf(loadConfig(undefined, folder));
    expect(missing.code).toBe('CONFIG_NOT_FOUND');
    expect(missing.message).toContain(folder);
    expect(missing.details.join('\n')).toContain(smallestConfig);
    const named = await errorOf(loadConfig('nowhere.ts', folder));
    expect(named.message).toBe(`expected a config file at ${path.join(folder, 'nowhere.ts')}; there is none`);
    await mkdir(path.join(folder, 'outlast.config.ts'));
    expect((await errorOf(loadConfig(undefined, folder))).code).toBe('CONFIG_NOT_FOUND');
  });

  it("shows its author's own error with its place", async () => {
    await write(
      'outlast.config.ts',
      "import 'outlast';\ninterface A {}\n\nthrow new TypeError('my own mistake');\n",
    );
    const error = await errorOf(loadConfig(undefined, folder));
    expect(error.code).toBe('CONFIG_THREW');
    expect(error.message).toMatch(
      /^expected outlast\.config\.ts to load; it threw at .*outlast\.config\.ts:4$/,
    );
    expect(error.details).toEqual([
      'TypeError: my own mistake',
      "4 | throw new TypeError('my own mistake');",
    ]);
  });

  it('shows where an imported file threw', async () => {
    await write('outlast.config.ts', "import './broken.js';\n");
    await write('broken.ts', '\n\nthrow new Error("in here");\nexport {};\n');
    expect((await errorOf(loadConfig(undefined, folder))).message).toContain('broken.ts:3');
  });

  it('shows where the syntax is wrong', async () => {
    await write('outlast.config.ts', 'export default {\n  a: 1,\n  b: ,\n};\n');
    const error = await errorOf(loadConfig(undefined, folder));
    expect(error).toMatchObject({ code: 'CONFIG_THREW' });
    expect(error.message).toContain('outlast.config.ts:3');
    expect(error.details).toContain('3 | b: ,');
  });

  it('says which import cannot be found', async () => {
    await write('outlast.config.ts', "import { x } from './nowhere.js';\nexport default x;\n");
    const error = await errorOf(loadConfig(undefined, folder));
    expect(error.code).toBe('CONFIG_THREW');
    expect(error.details[0]).toContain('nowhere.js');
  });

  it('says when it exports no config', async () => {
    await write('outlast.config.ts', 'export const config = {};\n');
    expect((await errorOf(loadConfig(undefined, folder))).message).toContain('it has no default export');
    await write('outlast.config.ts', 'export default 7;\n');
    const error = await errorOf(loadConfig(undefined, folder));
    expect(error.message).toBe('expected a config that can be run; outlast.config.ts has one problem:');
  });
});

describe('a secret from the environment', () => {
  it('is read, and remembered as a secret', async () => {
    process.env['OUTLAST_TEST_PW'] = 'hunter-2-hunter-2';
    await write(
      'outlast.config.ts',
      smallestConfig
        .replace('launch,', 'env, launch,')
        .replace("password: 'secret'", "password: env('OUTLAST_TEST_PW')"),
    );
    const { users } = (await loadConfig(undefined, folder)).target;
    expect(users.user?.(1, 'run').password).toBe('hunter-2-hunter-2');
    expect(secretsRead()).toContain('hunter-2-hunter-2');
  });

  it.each(['is not set', 'is empty'])('that %s is an error of its own', async (how) => {
    delete process.env['OUTLAST_TEST_MISSING'];
    if (how === 'is empty') process.env['OUTLAST_TEST_MISSING'] = '';
    await write(
      'outlast.config.ts',
      "import { env } from 'outlast';\nexport default env('OUTLAST_TEST_MISSING');\n",
    );
    const error = await errorOf(loadConfig(undefined, folder));
    expect(error.code).toBe('SECRET_MISSING');
    expect(error.message).toContain(`it ${how}`);
  });
});
