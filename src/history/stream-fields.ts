import { countFrom, flag, name, oneOf, optional, orNull, said, whole } from './shape.js';
import type { Fields } from './shape.js';
import { streamSteps, type StreamSighting } from './streams.js';

type Table = {
  readonly [K in StreamSighting['kind']]: {
    readonly says: string;
    readonly fields: Fields<Omit<Extract<StreamSighting, { readonly kind: K }>, 'kind'>>;
  };
};

const side = oneOf('before', 'after');

/** The events of answers that come in parts, by kind. */
export const streamKinds: Table = {
  stream: {
    says: 'A step of an answer that comes in parts; attempt counts the connections of its reader; by: who ended one that was lost, the target in order, or the network; units and digest are of all that was read.',
    fields: {
      stream: name,
      step: oneOf(...streamSteps),
      purpose: optional(oneOf('control', 'restart', 'cancel')),
      attempt: optional(countFrom(1)),
      cursor: optional(said),
      status: optional(whole),
      reason: optional(said),
      by: optional(oneOf('target', 'network')),
      units: optional(countFrom(0)),
      digest: optional(name),
    },
  },
  part: {
    says: 'A part of an answer arrived; units are code points, sketch has two hexadecimal digits for each, broken counts halves of characters.',
    fields: {
      stream: name,
      attempt: countFrom(1),
      index: countFrom(0),
      units: countFrom(0),
      sketch: name,
      broken: optional(countFrom(1)),
      position: optional(said),
    },
  },
  control: {
    says: 'A frame of a stream that is no part, and that moved the cursor.',
    fields: { stream: name, attempt: countFrom(1), position: said },
  },
  'stored-answer': {
    says: 'An answer as it is stored; sketch is null where there is none.',
    fields: {
      stream: name,
      at: side,
      state: optional(oneOf('running', 'done', 'cancelled', 'failed')),
      units: countFrom(0),
      sketch: orNull(name),
      digest: optional(name),
      broken: optional(countFrom(1)),
      whole: optional(flag),
    },
  },
  'answer-unread': {
    says: 'A stored answer could not be read.',
    fields: { stream: name, at: side, reason: said },
  },
};
