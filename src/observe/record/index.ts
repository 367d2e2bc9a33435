export { createClock, wallClock } from './clock.js';
export type { Clock } from './clock.js';
export { digestOf } from './digest.js';
export type { Recorder, Redactor } from './port.js';
export { createRecorder } from './recorder.js';
export type { RecorderOptions } from './recorder.js';
export { createRedactor } from './redactor.js';
export { watchStalls } from './stalls.js';
