import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOwnCode } from '../../src/system/own-code.js';

const repository = path.resolve(import.meta.dirname, '../..');

describe('the code of this program', () => {
  it('is what lies in its folder, however deep', () => {
    expect(isOwnCode(path.join(repository, 'src/index.ts'))).toBe(true);
    expect(isOwnCode(path.join(repository, 'src/config/load.ts'))).toBe(true);
  });

  it('is not what lies beside it, even in a folder that begins alike', () => {
    expect(isOwnCode(path.join(repository, 'outlast.config.ts'))).toBe(false);
    expect(isOwnCode(path.join(repository, 'src-of-somebody/index.ts'))).toBe(false);
  });
});
