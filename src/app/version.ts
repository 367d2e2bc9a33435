import { createRequire } from 'node:module';

const read = createRequire(import.meta.url);

/** The version of this package. */
export const version: string = String(Reflect.get(read('../../package.json'), 'version'));
