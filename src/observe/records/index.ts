export type { LogReader, Reading, RecordSource, Stored, WhoAmI } from './port.js';
export { pages, type PagesOptions } from './pages.js';
export { getRecord, type RecordOptions } from './record.js';
export { whoAmI, type WhoAmIOptions } from './who-am-i.js';
