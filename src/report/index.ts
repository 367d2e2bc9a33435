// The catalogue, so that an explanation can be had without the app.
export { checks } from '../judge/index.js';
export { annotation } from './annotation.js';
export { compareWithExpected, type ExpectedFailures } from './expected.js';
export { explain, type Explanation } from './explain.js';
export { json } from './json.js';
export { junit } from './junit.js';
export { type Look, type Paint, type Style } from './layout.js';
export { liveLines, plainLine } from './live.js';
export { pages, type Page } from './pages.js';
export { progress, type Progress, type ProgressView } from './progress.js';
export { batchLine, sweepJson, sweepText, type BatchReport, type SweepReport } from './sweep.js';
export { terminal, type TerminalOptions } from './terminal.js';
export { type Validation, validationJson, validationText } from './validation.js';
