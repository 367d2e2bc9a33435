import type { Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { once } from '../once.js';

/** What was sent when all else was over, to see who still listens. */
export const canariesOf = once((context): readonly Message[] =>
  [...context.facts(messages).messages.values()].filter(({ send }) => send?.purpose === 'canary'),
);
