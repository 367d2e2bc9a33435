import type { Acknowledgement, Joined, ReceivedMessage } from '../shared/messages.js';
import type { FrameFunctions } from './options.js';

/** The mission's own protocol: `join`, `joined`, `chat_message`, `ack`, `error`. A room is a thread, a position its number. */
export const missionFrames: FrameFunctions = {
  send: ({ id, room, text }) => ({ type: 'chat_message', id, thread_id: room, message: text }),
  join: ({ room, after }) =>
    after === null
      ? { type: 'join', thread_id: room }
      : // Cursors travel as texts and are numbers here.
        { type: 'join', thread_id: room, after: Number(after) },
  acknowledge,
  receive,
  joined,
};

function acknowledge(frame: unknown): Acknowledgement | null {
  const { type, id, number, code, message } = fieldsOf(frame);
  if (typeof id !== 'string') return null;
  if (type === 'ack') return { id, storedAs: id, ...(isPosition(number) ? { position: number } : {}) };
  return type === 'error' ? { id, refused: `${String(code)}: ${String(message)}` } : null;
}

function receive(frame: unknown): ReceivedMessage | null {
  const { type, id, thread_id: room, message: text, from, number } = fieldsOf(frame);
  if (type !== 'chat_message' || typeof room !== 'string' || typeof text !== 'string') return null;
  return {
    room,
    text,
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof from === 'string' ? { from } : {}),
    ...(isPosition(number) ? { position: number } : {}),
  };
}

function joined(frame: unknown): Joined | null {
  const { type, id, thread_id: room, head, code, message } = fieldsOf(frame);
  if (type === 'error' && id === undefined) return { refused: `${String(code)}: ${String(message)}` };
  if (type !== 'joined' || typeof room !== 'string') return null;
  return { room, ...(isPosition(head) ? { head } : {}) };
}

const isPosition = (value: unknown): value is number | string =>
  typeof value === 'number' || typeof value === 'string';

function fieldsOf(frame: unknown): Readonly<Record<string, unknown>> {
  return typeof frame === 'object' && frame !== null ? (frame as Readonly<Record<string, unknown>>) : {};
}
