import { answerTold, disturbed, type AnswerPlot, type Connection } from './answers-story.js';
import { right } from './stories.js';
import { adding, without, type Told } from './story.js';

/** The right story with these answers in the place of those of the same name. */
export function withAnswers(...plots: readonly AnswerPlot[]): Told {
  const names = new Set(plots.map(({ stream }) => stream));
  const rest = without(right, (event) => 'stream' in event && names.has(event.stream));
  return adding(rest, ...plots.flatMap(answerTold));
}

/** The answer that is under way at the restart. */
export const base: AnswerPlot = disturbed(right.at);
const [first, refused] = base.connections as [Connection, Connection, Connection];

/** The same, whose reader meets this when it is back. */
export const back = (connection: Partial<Connection>, more: Partial<AnswerPlot> = {}): AnswerPlot => ({
  ...base,
  connections: [
    first,
    refused,
    { at: right.at.ready + 30, cursor: '4', ends: 'end', endsAt: right.at.ready + 150, ...connection },
  ],
  ...more,
});

/** What is stored of it in the end. */
export const stored = (text: string, more: object = {}): Pick<AnswerPlot, 'after'> => ({
  after: { at: right.at.end - 350, text, state: 'done', whole: true, ...more },
});
