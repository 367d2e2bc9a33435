import type { Event, EventOf } from '../../src/history/events.js';
import { sketchOf } from '../../src/history/sketch.js';
import type { Restart } from './restart-story.js';

/** One part as its reader gets it; by default its number is its id. */
export interface Piece {
  readonly text: string;
  readonly id?: string;
}

/** What its reader meets on one connection. `ends`: how that is over. */
export interface Connection {
  readonly at: number;
  readonly cursor?: string;
  readonly pieces?: readonly Piece[];
  /** A frame that is no part, after the pieces. */
  readonly control?: string;
  readonly ends?: 'end' | 'error' | 'lost' | 'refused' | 'give-up';
  readonly endsAt: number;
  readonly reason?: string;
  readonly status?: number;
}

/** An answer, from the question to what is stored of it in the end. */
export interface AnswerPlot {
  readonly stream: string;
  readonly session: string;
  readonly purpose: NonNullable<EventOf<'stream'>['purpose']>;
  readonly askedAt: number;
  readonly connections: readonly Connection[];
  readonly cancelledAt?: number;
  readonly before?: { readonly at: number; readonly text: string | null; readonly state?: Stored['state'] };
  /** `text` null: there is no such answer any more. */
  readonly after?: {
    readonly at: number;
    readonly text: string | null;
    readonly state?: Stored['state'];
    readonly whole?: boolean;
  };
}
type Stored = EventOf<'stored-answer'>;

/** The events of one answer, in their order. */
export function answerTold(plot: AnswerPlot): Event[] {
  const { stream, session, purpose, askedAt: t, cancelledAt, before, after } = plot;
  const about = { session, stream } as const;
  const events: Event[] = [
    { t, ...about, kind: 'stream', step: 'ask', purpose },
    { t: t + 0.5, ...about, kind: 'stream', step: 'asked' },
  ];
  const read: string[] = [];
  plot.connections.forEach((connection, index) =>
    events.push(...connectionTold(about, connection, index + 1, read)),
  );
  if (cancelledAt !== undefined) {
    events.push({ t: cancelledAt, ...about, kind: 'stream', step: 'cancel' });
    events.push({ t: cancelledAt + 0.5, ...about, kind: 'stream', step: 'cancelled' });
  }
  if (before) events.push(storedTold(about, 'before', before));
  if (after) events.push(storedTold(about, 'after', after));
  return events.sort((one, other) => one.t - other.t);
}

interface About {
  readonly session: string;
  readonly stream: string;
}

function connectionTold(about: About, connection: Connection, attempt: number, read: string[]): Event[] {
  const { at, endsAt, cursor, pieces = [], control, ends = 'lost', reason, status } = connection;
  const step = { ...about, kind: 'stream', attempt } as const;
  const events: Event[] = [{ t: at, ...step, step: 'connect', ...(cursor === undefined ? {} : { cursor }) }];
  if (ends !== 'refused') events.push({ t: at + 0.1, ...step, step: 'open' });
  pieces.forEach(({ text, id }, place) => {
    const t = at + 0.2 + ((endsAt - at - 1) * place) / Math.max(1, pieces.length);
    const index = read.push(text) - 1;
    const { broken, ...sketch } = sketchOf(text);
    const position = id ?? String(index + 1);
    events.push({
      t,
      ...about,
      kind: 'part',
      attempt,
      index,
      ...sketch,
      position,
      ...(broken > 0 ? { broken } : {}),
    });
  });
  if (control !== undefined)
    events.push({ t: endsAt - 0.1, ...about, kind: 'control', attempt, position: control });
  const over = ends === 'end' || ends === 'error' || ends === 'give-up';
  const all = read.join('');
  const told = over ? { units: [...all].length, digest: `digest of ${all}` } : {};
  const why = { ...(reason === undefined ? {} : { reason }), ...(status === undefined ? {} : { status }) };
  const by = ends === 'lost' ? ({ by: 'target' } as const) : {};
  return [...events, { t: endsAt, ...step, step: ends, ...by, ...why, ...told }];
}

function storedTold(
  about: About,
  side: Stored['at'],
  stored: NonNullable<AnswerPlot['after']> | NonNullable<AnswerPlot['before']>,
): Event {
  const { at: t, text, state, ...more } = stored;
  const told = {
    ...about,
    kind: 'stored-answer',
    at: side,
    ...(state === undefined ? {} : { state }),
  } as const;
  if (text === null) return { t, ...told, units: 0, sketch: null };
  const { broken, ...sketch } = sketchOf(text);
  const halves = broken > 0 ? { broken } : {};
  return { t, ...told, ...sketch, ...halves, digest: `digest of ${text}`, ...more };
}

/** Times of a story that answers keep to. */
export interface Times {
  readonly signal: number;
  readonly ready: number;
  readonly end: number;
}

/** Eight pieces of a text with characters of all sizes. */
export const pieces = [
  '👋 Grüße: ',
  'a restart ',
  'is naïve, ',
  '你好世界 ',
  'Zürich ',
  '👩‍👩‍👧 sees ',
  'nothing of it. ',
  '∎',
];
export const whole = pieces.join('');
export const asPieces = (texts: readonly string[], from = 1): Piece[] =>
  texts.map((text, index) => ({ text, id: String(from + index) }));

/** The answer that is under way at the restart and goes on after it. */
export const disturbed = ({ signal, ready, end }: Times, stream = 'a3'): AnswerPlot => ({
  ...{ stream, session: '1', purpose: 'restart', askedAt: signal - 101 },
  connections: [
    { at: signal - 100, pieces: asPieces(pieces.slice(0, 4)), endsAt: signal + 4 },
    { at: signal + 20, cursor: '4', ends: 'refused', status: 503, endsAt: signal + 21 },
    { at: ready + 30, cursor: '4', pieces: asPieces(pieces.slice(4), 5), ends: 'end', endsAt: ready + 150 },
  ],
  after: { at: end - 350, text: whole, state: 'done', whole: true },
});

/** The answer that is under way at it, as it goes with this kind of disruption. */
function metBy(restart: Struck, end: number): Event[] {
  const { index, type, signal, ready } = restart;
  const plot = disturbed({ signal, ready, end }, `a${index + 3}`);
  if (type === 'pause') return waiting(plot, restart);
  const told = answerTold(plot);
  return type === 'network' ? told.map(byTheNetwork) : told;
}

/** Its reader stays, and what would have come meanwhile comes when it goes on. */
function waiting(plot: AnswerPlot, { signal, ready }: Struck): Event[] {
  const whole: Connection = { at: signal - 100, pieces: asPieces(pieces), ends: 'end', endsAt: ready + 150 };
  return answerTold({ ...plot, connections: [whole] }).map((event) =>
    event.t < signal || event.t > ready ? event : { ...event, t: ready + 1 + (event.t - signal) / 1_000 },
  );
}

/** Nobody at the target ended it, and nobody there refused it. */
function byTheNetwork(event: Event): Event {
  if (event.kind !== 'stream') return event;
  if (event.step === 'lost') return { ...event, by: 'network' };
  if (event.step !== 'refused') return event;
  const { status: _, ...refused } = event;
  return { ...refused, reason: 'connection refused' };
}

type Struck = Pick<Restart, 'index' | 'type' | 'signal' | 'ready'>;

/** The answer that is over before the restart. */
export const undisturbed = ({ end }: Times): AnswerPlot => ({
  ...{ stream: 'a1', session: '2', purpose: 'control', askedAt: 420 },
  connections: [{ at: 421, pieces: asPieces(pieces), ends: 'end', endsAt: 480 }],
  after: { at: end - 349, text: whole, state: 'done', whole: true },
});

/** The answer that is cancelled before the restart. */
export const cancelled = ({ end }: Times): AnswerPlot => ({
  ...{ stream: 'a2', session: '2', purpose: 'cancel', askedAt: 1_010, cancelledAt: 1_050 },
  connections: [{ at: 1_011, pieces: asPieces(pieces.slice(0, 3)), ends: 'end', endsAt: 1_052 }],
  before: { at: 1_200, text: pieces.slice(0, 3).join(''), state: 'cancelled' },
  after: { at: end - 348, text: pieces.slice(0, 3).join(''), state: 'cancelled', whole: false },
});

/** What a right service does with three questions, and with one more for each further restart. */
export const answersTold = ({ end }: Pick<Times, 'end'>, restarts: readonly Struck[]): Event[] => {
  const [first = { signal: 0, ready: 0 }] = restarts;
  const aside = [undisturbed({ ...first, end }), cancelled({ ...first, end })];
  return [...aside.flatMap(answerTold), ...restarts.flatMap((one) => metBy(one, end))];
};
