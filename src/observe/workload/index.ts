export { lobby, populate, type Crowd } from './population.js';
export { schedule, shuffled, type Turn } from './schedule.js';
export { textOf } from './text.js';
