import type { AnswersOptions, AnswerState, Frame, Heard } from './options.js';

/** Nothing is left to be filled in but what a target may lack. */
export type Complete = Required<Omit<AnswersOptions, 'token' | 'whole' | 'questions'>> &
  Pick<AnswersOptions, 'token' | 'whole'> & {
    readonly questions: { readonly long: string; readonly short: string };
  };

/** Asked of a target that was not told what to ask: anything that takes some seconds to say, and anything that does not. */
const questions = {
  long: 'Explain in about 300 words what a service has to do so that its users do not notice a restart.',
  short: 'Explain in one short sentence what a restart is.',
};

/** The options with the reference service's own protocol where they say nothing. */
export function completed(options: AnswersOptions): Complete {
  const place = (id: string) => `${options.url.replace(/\/+$/, '')}/${encodeURIComponent(id)}`;
  return {
    body: ({ id, text }) => ({ question: text, key: id }),
    id: (body) => textIn(body, 'id'),
    stream: ({ id }) => `${place(id)}/stream`,
    cursor: 'last-event-id',
    frame: missionFrame,
    stored: place,
    text: (body) => textIn(body, 'text'),
    state: stateIn,
    cancel: (id) => `${place(id)}/cancel`,
    count: 4,
    silenceMs: 5_000,
    ...options,
    questions: { ...questions, ...options.questions },
  };
}

function missionFrame({ event, json }: Frame): Heard {
  if (event === 'part') return { text: textIn(json, 'text') };
  if (event === 'error') return { failed: String(fieldIn(json, 'message') ?? '') };
  return event === 'end' ? { end: true } : null;
}

const states: ReadonlySet<unknown> = new Set<AnswerState>(['running', 'done', 'cancelled', 'failed']);
function stateIn(body: unknown): AnswerState | undefined {
  const state = fieldIn(body, 'state');
  return states.has(state) ? (state as AnswerState) : undefined;
}

function textIn(value: unknown, name: string): string {
  const found = fieldIn(value, name);
  if (typeof found === 'string') return found;
  throw new Error(`there is no text \`${name}\``);
}

const fieldIn = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
