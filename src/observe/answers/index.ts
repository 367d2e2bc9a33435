export type { AnswersOptions, AnswerState, CursorPlace, Frame, Heard, Question } from './options.js';
export type { AnswerService, Asker, StoredAnswer } from './port.js';
export { AnswerReader } from './reader.js';
export { answerService, type AnswersMeans } from './service.js';
