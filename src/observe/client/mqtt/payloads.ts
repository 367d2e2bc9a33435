import { attempted, encodedBy, MappingFailure } from '../shared/mapping.js';
import type { OutgoingMessage, ReceivedMessage } from '../shared/messages.js';
import type { MqttOptions, PayloadAbout } from './options.js';

/** How messages are written into payloads, and read out of them. */
export interface Payloads {
  /** Throws `MappingFailure`. */
  write(message: OutgoingMessage): string;
  /** Null: no message. Throws `MappingFailure`, and `NotJson`. */
  read(payload: Buffer, about: PayloadAbout): Partial<ReceivedMessage> | null;
}

/** A payload came that is no JSON, where JSON is spoken. */
export class NotJson extends Error {}

export function payloadsOf({ send, receive }: Pick<MqttOptions, 'send' | 'receive'>): Payloads {
  if (!send || !receive) return plain;
  return {
    write: (message) => encodedBy('send', () => send(message), message),
    read: (payload, about) => {
      const body = parsed(payload);
      const message: unknown = attempted('receive', () => receive(body, about), body);
      if (message === null || message === undefined) return null;
      if (!isMessage(message)) throw new MappingFailure('receive', { gave: message }, body);
      return { room: about.room, ...message };
    },
  };
}

const plain: Payloads = {
  write: ({ text }) => text,
  read: (payload, { room }) => ({ room, text: payload.toString('utf8') }),
};

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    throw new NotJson();
  }
}

const isMessage = (value: unknown): value is Partial<ReceivedMessage> =>
  typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
