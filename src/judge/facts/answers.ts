import type { Event, EventOf } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';

type Step = EventOf<'stream'>;

/** Everything that is known of one answer that came in parts. */
export interface Answer {
  readonly stream: string;
  /** Who asked, and read it. */
  readonly session: string;
  /** `control`: to be over before the restart; `restart`: to be under way at it; `cancel`: to be cancelled before it. */
  readonly purpose: NonNullable<Step['purpose']>;
  readonly ask: Step | null;
  /** The target took the question. */
  readonly asked: Step | null;
  /** Every step of its reader's connections, in their order. */
  readonly connections: readonly Step[];
  readonly parts: readonly EventOf<'part'>[];
  readonly controls: readonly EventOf<'control'>[];
  /** An end, an error, or that nobody waited any longer; null: the run did not come to that. */
  readonly over: Step | null;
  readonly cancelled: Step | null;
  readonly before: EventOf<'stored-answer'> | null;
  readonly after: EventOf<'stored-answer'> | null;
  readonly unread: EventOf<'answer-unread'> | null;
}

type Building<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenAnswer = Building<Omit<Answer, 'connections' | 'parts' | 'controls'>> & {
  connections: Step[];
  parts: EventOf<'part'>[];
  controls: EventOf<'control'>[];
};

/** By stream. Their parts are kept to the end: what they are compared with is read last. */
export const answers: Projection<ReadonlyMap<string, Answer>> = {
  id: 'answers',
  kinds: ['stream', 'part', 'control', 'stored-answer', 'answer-unread'],
  start: () => new AnswersFold(),
};

class AnswersFold implements Accumulator<ReadonlyMap<string, Answer>> {
  readonly view = new Map<string, OpenAnswer>();

  see(event: Event): void {
    if (!('stream' in event)) return;
    const answer = this.#of(event.stream, event.session);
    if (event.kind === 'stream') step(answer, event);
    else if (event.kind === 'part') answer.parts.push(event);
    else if (event.kind === 'control') answer.controls.push(event);
    else if (event.kind === 'stored-answer') answer[event.at] = event;
    else if (event.at === 'after') answer.unread = event;
  }

  #of(stream: string, session: string): OpenAnswer {
    const known = this.view.get(stream);
    if (known) return known;
    const nothing = {
      ask: null,
      asked: null,
      over: null,
      cancelled: null,
      before: null,
      after: null,
      unread: null,
    };
    const answer: OpenAnswer = {
      ...{ stream, session, purpose: 'restart', ...nothing },
      ...{ connections: [], parts: [], controls: [] },
    };
    this.view.set(stream, answer);
    return answer;
  }
}

function step(answer: OpenAnswer, event: Step): void {
  switch (event.step) {
    case 'ask':
      answer.ask = event;
      answer.purpose = event.purpose ?? 'restart';
      return;
    case 'asked':
    case 'cancelled':
      answer[event.step] = event;
      return;
    case 'end':
    case 'error':
    case 'give-up':
      answer.over ??= event;
      return;
    default:
      answer.connections.push(event);
  }
}
