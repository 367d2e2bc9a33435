import { credentialKinds, phases } from './events.js';
import type { DisruptionStep, EventOf, Kind, RunEvent, SessionEvent } from './events.js';
import {
  countFrom,
  duration,
  exactly,
  flag,
  listOf,
  name,
  number,
  oneOf,
  optional,
  orNull,
  roomName,
  said,
  whole,
} from './shape.js';
import type { Fields } from './shape.js';
import { streamKinds } from './stream-fields.js';

/** One kind of event: what it says, for writers in other languages, and its own fields. */
export interface KindFields<Own> {
  readonly says: string;
  readonly fields: Fields<Own>;
}

type OwnFields<K extends Kind> = Omit<EventOf<K>, 't' | 'session' | 'conn' | 'kind'>;
type Table<K extends Kind> = { readonly [Each in K]: KindFields<OwnFields<Each>> };

const side = oneOf('before', 'after');
const recordOwner = oneOf('user', 'session', 'other');
const disruptionStep = oneOf<DisruptionStep>(
  'begin',
  'signal',
  'exited',
  'port-closed',
  'held',
  'released',
  'started',
  'ready',
  'healed',
  'end',
  'failed',
);
const reasoned = { message: name, reason: said };
/** What a message carries where it is seen, live or stored. */
const sighting = {
  message: orNull(name),
  from: optional(said),
  digest: name,
  id: optional(said),
  position: optional(said),
  damaged: optional(exactly(true)),
};

/** The events of one session, by kind. */
export const sessionKinds: Table<SessionEvent['kind']> = {
  'sign-in': {
    says: 'The session signed in, renewed its token, or had to sign in again.',
    fields: {
      how: oneOf('first', 'refresh', 'again'),
      ok: flag,
      user: optional(said),
      token: optional(name),
      expiresInMs: optional(number),
      status: optional(whole),
      reason: optional(said),
    },
  },
  wait: {
    says: 'The client waits before it tries to connect.',
    fields: { ms: duration, why: oneOf('backoff', 'retry-after', 'away') },
  },
  connect: {
    says: 'An attempt to connect begins; token is the label of the token that it carries.',
    fields: { door: said, token: optional(name) },
  },
  open: { says: 'The handshake is done.', fields: { instance: optional(said) } },
  ready: {
    says: 'Signed in and in its rooms; claims is what the target said of the resumption.',
    fields: { claims: oneOf('fresh', 'resumed', 'unstated') },
  },
  refused: {
    says: 'The attempt to connect failed.',
    fields: {
      at: oneOf('dial', 'handshake', 'sign-in', 'join'),
      status: optional(whole),
      reason: optional(said),
      instance: optional(said),
    },
  },
  close: {
    says: 'The connection is gone.',
    fields: {
      by: oneOf('target', 'session', 'network', 'unknown'),
      code: optional(whole),
      reason: optional(said),
    },
  },
  cut: { says: "The session's network was taken away.", fields: {} },
  uncut: { says: "The session's network was given back.", fields: {} },
  join: {
    says: 'Asked to be in a room, with the cursor that was sent on this connection.',
    fields: { room: roomName, cursor: optional(said) },
  },
  joined: {
    says: "In the room: confirmed, or by protocol in effect; head is the room's last number at that moment.",
    fields: { room: roomName, head: optional(said) },
  },
  leave: { says: 'Asked to leave a room.', fields: { room: roomName } },
  left: { says: 'Not in the room any more.', fields: { room: roomName } },
  send: {
    says: 'A message, written down before its bytes leave; due is when the schedule wanted it.',
    fields: {
      due: number,
      room: roomName,
      message: name,
      digest: name,
      purpose: optional(oneOf('canary', 'probe')),
    },
  },
  written: {
    says: 'One attempt: the bytes are handed to the target, written down before they leave.',
    fields: { message: name, attempt: countFrom(1) },
  },
  ack: {
    says: 'The target promised that it has the message.',
    fields: { message: name, id: optional(said), position: optional(said) },
  },
  nack: { says: 'The target said that it did not and will not take the message.', fields: reasoned },
  unsure: { says: 'The attempt has no definite answer; it may have happened.', fields: reasoned },
  unoffered: { says: 'There was no connection to offer the message to; no byte left.', fields: reasoned },
  receive: {
    says: 'A message arrived; message is null for a text without an identity of this run.',
    fields: { room: roomName, ...sighting },
  },
  read: {
    says: 'A read of what the target stores of a room begins.',
    fields: { read: name, room: roomName, cold: flag, at: side },
  },
  stored: {
    says: 'One message of a read.',
    fields: { read: name, index: countFrom(0), ...sighting },
  },
  'read-end': {
    says: 'The read is over; ok when it came to the end of the room.',
    fields: { read: name, ok: flag, count: countFrom(0), reason: optional(said) },
  },
  door: {
    says: 'A token was tried at a door; in is a privileged operation done, not a handshake.',
    fields: {
      credential: oneOf(...credentialKinds),
      token: name,
      door: said,
      via: oneOf('request', 'connect'),
      let: oneOf('in', 'out', 'no-answer'),
      status: optional(whole),
      instance: optional(said),
      user: optional(said),
    },
  },
  revoked: { says: 'The target confirmed that this token is revoked.', fields: { token: name } },
  'who-am-i': {
    says: 'Who the target says that the session is; digest is of identity and claims.',
    fields: { user: said, digest: name, at: side },
  },
  record: {
    says: 'A record was read; digest is null where there is none.',
    fields: {
      name,
      of: recordOwner,
      digest: orNull(name),
      at: side,
      reading: countFrom(1),
      fields: optional(listOf(said)),
    },
  },
  'record-unread': {
    says: 'A record could not be read.',
    fields: { name, of: recordOwner, at: side, reason: said },
  },
  ...streamKinds,
  leak: {
    says: 'A secret was seen in what the target said, and removed.',
    fields: { where: oneOf('close', 'error', 'frame') },
  },
};

/** The events of the whole run, by kind. */
export const runKinds: Table<RunEvent['kind']> = {
  phase: { says: 'A phase of the run begins.', fields: { phase: oneOf(...phases) } },
  probe: {
    says: "The independent prober's look at a service; spacing is the time since its last look.",
    fields: {
      service: name,
      replica: optional(countFrom(0)),
      up: flag,
      ready: flag,
      instance: optional(said),
      spacing: duration,
    },
  },
  disruption: {
    says: 'A step of what is done to the target; disruptions count from 0.',
    fields: {
      disruption: countFrom(0),
      type: name,
      step: disruptionStep,
      service: optional(name),
      replica: optional(countFrom(0)),
      instance: optional(said),
      signal: optional(name),
      exitCode: optional(orNull(whole)),
      killed: optional(flag),
      identity: optional(said),
      connections: optional(countFrom(0)),
      note: optional(said),
    },
  },
  stall: { says: 'The observing program itself stood still for so long, until t.', fields: { ms: duration } },
  note: { says: 'Something that a reader of the verdict should know.', fields: { text: said } },
  end: {
    says: 'The history is complete; without it the program that wrote it was killed.',
    fields: {
      how: oneOf('completed', 'interrupted', 'skipped', 'failed'),
      reason: optional(said),
      code: optional(name),
    },
  },
};
