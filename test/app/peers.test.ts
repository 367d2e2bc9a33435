import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPeer } from '../../src/app/peers.js';

let project = '';
beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'peers-'));
});
afterEach(() => rm(project, { recursive: true }));

async function install(name: string, text: string): Promise<void> {
  const folder = path.join(project, 'node_modules', name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }),
  );
  await writeFile(path.join(folder, 'index.js'), text);
}

describe('a library that users install beside', () => {
  it('is taken from the project of the config first', async () => {
    await install('mqtt', 'export const whose = "the project";');
    const file = path.join(project, 'outlast.config.ts');
    expect(await loadPeer('mqtt', file, 'mqtt()')).toMatchObject({ whose: 'the project' });
  });

  it('is taken from beside Outlast where the project has none', async () => {
    const file = path.join(project, 'outlast.config.ts');
    expect(await loadPeer('ws', file, 'webSocket()')).toHaveProperty('WebSocket');
  });

  it('that is nowhere is named, with who needs it and how to install it', async () => {
    await expect(loadPeer('not-a-library-of-ours', undefined, 'the client sample()')).rejects.toMatchObject({
      code: 'PEER_MISSING',
      message: expect.stringMatching(
        /not-a-library-of-ours, which the client sample\(\) needs.*npm install --save-dev not-a-library-of-ours/,
      ) as string,
    });
  });
});
