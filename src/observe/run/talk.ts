import { OutlastError } from '../../base/errors.js';
import type { Event, EventOf } from '../../history/events.js';
import { lobby } from '../workload/index.js';
import type { Board } from './board.js';
import { chatOf } from './chat.js';
import type { Crew } from './crew.js';
import { letIn } from './establish.js';
import { rest, type Stage } from './stage.js';

/** How long one message between two auditors may take, there and back. */
const withinMs = 10_000;

/**
 * One message between two auditors: do its identity and its text arrive as they were sent? Returns the reason to skip
 * the run, or null. Throws `TEXT_CHANGED` where the text arrives in a form that the contract does not state, and
 * `NO_ROUND_TRIP` where it does not arrive or is not acknowledged: a restart could show nothing then.
 */
export async function talk(stage: Stage, crew: Crew, board: Board): Promise<string | null> {
  const { signal } = stage;
  const auditors = [crew.auditor(0), crew.auditor(1)] as const;
  const [speaker, listener] = auditors;
  await letIn(auditors, board, signal);
  const heard = eavesdrop(stage, listener.planned.session);
  const chat = chatOf(stage);
  const message = chat.send(speaker, { purpose: 'probe', room: lobby });
  board.follow(message);
  await Promise.race([heard.something, rest(withinMs, signal)]);
  // What else the target says of the message (its acknowledgement) is part of the talk.
  await board.until(() => chat.outstanding === 0, withinMs, signal);
  heard.stop();
  chat.stop();
  await Promise.all(auditors.map(({ client }) => client[Symbol.asyncDispose]()));
  return judgeTalk(heard, message, stage);
}

interface Heard {
  readonly sent: EventOf<'send'>[];
  readonly receipts: EventOf<'receive'>[];
  readonly answers: EventOf<'ack' | 'nack'>[];
  /** Resolves with the first receipt. */
  readonly something: Promise<void>;
  stop(): void;
}

function eavesdrop(stage: Stage, listener: string): Heard {
  const sent: EventOf<'send'>[] = [];
  const receipts: EventOf<'receive'>[] = [];
  const answers: EventOf<'ack' | 'nack'>[] = [];
  let hear = (): void => undefined;
  const something = new Promise<void>((resolve) => (hear = resolve));
  const stop = stage.recorder.watch((event: Event) => {
    if (event.kind === 'send') sent.push(event);
    if (event.kind === 'ack' || event.kind === 'nack') answers.push(event);
    if (event.kind !== 'receive' || event.session !== listener) return;
    receipts.push(event);
    hear();
  });
  return { sent, receipts, answers, something, stop };
}

function judgeTalk({ sent, receipts, answers }: Heard, message: string, { setup }: Stage): string | null {
  const receipt = receipts.find((one) => one.message === message);
  if (receipt && !sent.some(({ digest }) => digest === receipt.digest))
    throw textChanged(setup.contract.text);
  if (!receipt && receipts.length > 0) {
    return 'the service changes the first word of a text, by which Outlast knows its messages again: nothing can be judged';
  }
  if (!receipt)
    throw noRoundTrip(
      'it did not arrive',
      'Do `send`, `join` and `receive` of the client map the frames of the service?',
    );
  // A refusal is an answer too; that what was refused arrived all the same is for a check to find.
  if (answers.length === 0 && setup.client.lacks.acknowledgements === undefined) {
    throw noRoundTrip(
      'it arrived and was not acknowledged',
      'Does the service acknowledge, and does `acknowledge` of the client give the id that `send` was given?',
    );
  }
  return null;
}

function textChanged(text: string): OutlastError {
  return new OutlastError(
    'TEXT_CHANGED',
    `expected a text to arrive as it was sent (contract.text is '${text}'); a changed one came. ` +
      "If the service trims texts or escapes HTML, say so: contract: exactlyOnce({ text: 'trimmed' }) or 'escaped'",
  );
}

function noRoundTrip(what: string, advice: string): OutlastError {
  return new OutlastError(
    'NO_ROUND_TRIP',
    `expected a message from one auditor to another, in a room of theirs, before anything is restarted; within ${withinMs / 1_000} s ${what}. ${advice}`,
  );
}
