import type { Event, Kind } from '../../src/history/events.js';
import { changing, without, type Told } from './story.js';
import { right, rollout } from './stories.js';

/** A history without what a check looks at; without `from`, it is a right run of one service with one replica. */
export interface Row {
  readonly from?: Told;
  readonly less: (told: Told) => Told;
}

export const isOf =
  (...kinds: readonly Kind[]) =>
  (event: Event) =>
    kinds.includes(event.kind);
const less = (isGone: (event: Event) => boolean): Row => ({ less: (told) => without(told, isGone) });
const since = (event: Event) => event.t > right.at.signal;

const nobodyConnected = less(isOf('connect', 'open', 'ready', 'close', 'cut', 'uncut'));
const nothingReceived = less(isOf('receive'));
const nothingAcknowledged = less(isOf('ack'));
const nothingAsked = less(isOf('stream', 'part', 'control', 'stored-answer'));
const noRecord = (kind: 'user' | 'session') => less((event) => event.kind === 'record' && event.of === kind);
const noStep = (...steps: readonly string[]) =>
  less((event) => event.kind === 'disruption' && steps.includes(event.step));
const neverTried = (...credentials: readonly string[]) =>
  less((event) => event.kind === 'door' && credentials.includes(event.credential));

const inARollout = (row: Row): Row => ({ ...row, from: rollout });
const unnamed: Row = {
  less: (told) =>
    changing(told, (event) => {
      if (event.kind !== 'open') return event;
      const { t, session, conn } = event;
      return { t, session, kind: 'open', ...(conn === undefined ? {} : { conn }) };
    }),
};

/** By check, a history that never exercises it: a check without its row here fails `unexercised.test.ts`. */
export const rows: Readonly<Record<string, Row>> = {
  'identity-kept': less(isOf('who-am-i')),
  'no-second-login': less(isOf('sign-in')),
  'came-back': nobodyConnected,
  'close-code': nobodyConnected,
  'exit-code': noStep('exited'),
  'requests-finished': less(isOf('stream')),
  'accepted-before': less((event) => event.kind === 'door' && !since(event)),
  'accepted-after': less((event) => event.kind === 'door' && since(event)),
  'not-expired': nobodyConnected,
  'refresh-works': less((event) => event.kind === 'sign-in' && event.how === 'refresh'),
  'revoked-refused': neverTried('revoked'),
  'forged-refused': neverTried('tampered', 'unsigned', 'none'),
  'secrets-hidden': nobodyConnected,
  'connection-was-lost': {
    less: (told) =>
      changing(told, (event) => {
        if (event.kind !== 'disruption') return event;
        if (event.step === 'port-closed') return [];
        return event.step === 'ready' ? { ...event, instance: 'boot-1' } : event;
      }),
  },
  reconnected: nobodyConnected,
  'reconnect-time': nobodyConnected,
  'resumed-honestly': nobodyConnected,
  'routed-to-ready': inARollout(less(isOf('connect'))),
  'any-instance': inARollout(unnamed),
  'moved-once': inARollout(less(isOf('ready'))),
  spread: inARollout(unnamed),
  'idle-time-out': inARollout(less(isOf('ready'))),
  'messages-lost': nothingAcknowledged,
  'messages-duplicated': nothingReceived,
  'messages-reordered': nothingReceived,
  'messages-altered': nothingReceived,
  'messages-leaked': nothingReceived,
  'messages-phantom': nothingReceived,
  'log-kept': less((event) => event.kind === 'read' && event.at === 'after'),
  'thread-continues': less(isOf('send', 'written', 'ack')),
  'across-instances': inARollout(nothingAcknowledged),
  'answers-complete': nothingAsked,
  'answers-continuous': nothingAsked,
  'answers-cancelled': nothingAsked,
  'user-data': noRecord('user'),
  'session-data': noRecord('session'),
  'chat-log': less((event) => event.kind === 'read' && event.at === 'before'),
  'no-record-changed': nothingAcknowledged,
  restart: less((event) => event.kind === 'probe' || (event.kind === 'disruption' && event.step === 'ready')),
  recovery: nobodyConnected,
  reconnect: nobodyConnected,
  total: less(isOf('end')),
  availability: less(isOf('send', 'written', 'ack')),
};

/** The right history of a row, and the same without what the check looks at. */
export function historiesOf({ from, less: take }: Row): { readonly right: Told; readonly taken: Told } {
  const whole = from ?? right;
  return { right: whole, taken: take(whole) };
}
