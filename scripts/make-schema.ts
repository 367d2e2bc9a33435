// Writes schema/history.json from the table of events: `npx tsx scripts/make-schema.ts`.
import { writeFile } from 'node:fs/promises';
import prettier from 'prettier';
import { historySchema } from '../src/history/index.js';

const file = new URL('../schema/history.json', import.meta.url);
const config = await prettier.resolveConfig(file);
await writeFile(file, await prettier.format(JSON.stringify(historySchema()), { ...config, parser: 'json' }));
