import type { MessageId } from '../history/events.js';
import { CauseSet } from './cause-set.js';
import type { Cause, Finding } from './port.js';

/**
 * How a cause covers a consequence. `same`: what the consequence blames is blamed by the cause as well. `room`: its
 * messages lie in rooms in which the cause blames something. `all`: when the cause is there, it explains everything.
 */
type Through = 'same' | 'room' | 'all';

interface Precedence {
  readonly cause: string;
  readonly explains: Readonly<Partial<Record<Through, readonly string[]>>>;
}

const whatNeedsASession = [
  ...['no-second-login', 'identity-kept', 'user-data', 'session-data', 'no-record-changed'],
  ...['reconnect-time', 'recovery', 'reconnect', 'availability'],
  ...['messages-lost', 'resumed-honestly', 'thread-continues'],
  ...['answers-complete', 'answers-continuous'],
];
/** A run waits for who is late, and longer for who does not come at all. */
const whatWaits = ['total'];

/**
 * The one table of what explains what: one cause, one finding. A cause stands above everything that it explains, so that
 * there are no circles; a test keeps it so.
 */
export const precedence: readonly Precedence[] = [
  // A door that is shut anyway was not shut by the restart.
  { cause: 'accepted-before', explains: { same: ['accepted-after', 'refresh-works'] } },
  // A target that is not there, or is there late, explains what sessions waited for.
  {
    cause: 'restart',
    explains: {
      same: ['reconnected', 'came-back', 'accepted-after', 'refresh-works', ...whatNeedsASession],
      all: whatWaits,
    },
  },
  // Who is sent where nobody is, or is taken for a stranger there, comes back late or not at all.
  {
    cause: 'routed-to-ready',
    explains: { same: ['reconnected', 'came-back', ...whatNeedsASession, 'close-code'], all: whatWaits },
  },
  // Where everyone is on one instance, nothing passes between instances.
  { cause: 'spread', explains: { same: ['across-instances'] } },
  // Who hears nobody on other instances misses messages, and perhaps everything.
  {
    cause: 'across-instances',
    explains: {
      same: ['came-back', 'thread-continues', 'recovery'],
      room: ['messages-lost', 'resumed-honestly', 'any-instance'],
      all: whatWaits,
    },
  },
  {
    cause: 'any-instance',
    explains: {
      same: ['reconnected', 'came-back', ...whatNeedsASession],
      room: ['messages-lost', 'resumed-honestly'],
      all: whatWaits,
    },
  },
  // What stands between closes connections without a goodbye.
  {
    cause: 'idle-time-out',
    explains: { same: ['moved-once', 'reconnected', 'came-back', 'close-code', 'requests-finished'] },
  },
  {
    cause: 'moved-once',
    explains: { same: ['reconnected', 'close-code', 'requests-finished', 'availability'] },
  },
  // Who is refused cannot come back, has to sign in again, and reads nothing.
  {
    cause: 'accepted-after',
    explains: { same: ['not-expired', 'refresh-works', 'reconnected', 'came-back', ...whatNeedsASession] },
  },
  { cause: 'not-expired', explains: { same: ['reconnected', 'came-back', ...whatNeedsASession] } },
  { cause: 'refresh-works', explains: { same: ['reconnected', 'came-back', ...whatNeedsASession] } },
  // A session that never came back, or is back and dead.
  { cause: 'reconnected', explains: { same: ['came-back', ...whatNeedsASession], all: whatWaits } },
  { cause: 'came-back', explains: { same: [...whatNeedsASession], all: whatWaits } },
  // A room in which nothing gets through serves nobody.
  { cause: 'thread-continues', explains: { same: ['availability'], all: whatWaits } },
  {
    cause: 'reconnect-time',
    explains: { same: ['reconnect', 'recovery', 'availability'], all: whatWaits },
  },
  { cause: 'reconnect', explains: { same: ['recovery', 'availability'] } },
  { cause: 'recovery', explains: { same: ['availability'], all: whatWaits } },
  { cause: 'identity-kept', explains: { same: ['user-data', 'session-data'] } },
  // Who is killed past its grace period says no goodbye.
  { cause: 'exit-code', explains: { all: ['close-code', 'requests-finished'] } },
  // A process that ends at once says no goodbye, and cuts what is under way.
  { cause: 'close-code', explains: { same: ['requests-finished'] } },
  // What is gone is not delivered, not stored, and its numbers are used again.
  {
    cause: 'log-kept',
    explains: {
      same: ['messages-lost', 'resumed-honestly'],
      room: ['chat-log', 'no-record-changed', 'messages-duplicated', 'messages-reordered'],
    },
  },
  {
    cause: 'messages-altered',
    explains: { same: ['chat-log', 'no-record-changed'], room: ['messages-lost'] },
  },
  // A number that is used again lies behind the readers' cursors: it is skipped, repeated or out of order.
  {
    cause: 'no-record-changed',
    explains: { room: ['messages-lost', 'resumed-honestly', 'messages-duplicated', 'messages-reordered'] },
  },
  // Of which nothing comes any more, nothing continues; and it is waited for.
  { cause: 'answers-complete', explains: { same: ['answers-continuous'], all: whatWaits } },
  { cause: 'messages-duplicated', explains: { same: ['chat-log'] } },
  { cause: 'messages-reordered', explains: { room: ['chat-log'] } },
  { cause: 'messages-lost', explains: { same: ['resumed-honestly'] } },
];

export type RoomOf = (message: MessageId) => string | null;

/**
 * By check, the check that explains it: a finding all of whose blames are covered by failing findings above it. The
 * first of those is named, and where that is itself a consequence, what explains it.
 */
export function consequences(
  findings: ReadonlyMap<string, Finding>,
  roomOf: RoomOf,
): ReadonlyMap<string, string> {
  const direct = new Map<string, string>();
  for (const [id, finding] of findings) {
    if (finding.outcome === 'pass') continue;
    const cause = causeOf(id, finding, findings, roomOf);
    if (cause !== null) direct.set(id, cause);
  }
  return new Map([...direct.keys()].map((id) => [id, rootOf(id, direct)]));
}

function causeOf(
  id: string,
  { blames }: Finding,
  findings: ReadonlyMap<string, Finding>,
  roomOf: RoomOf,
): string | null {
  let first: string | null = null;
  let left = blames;
  for (const { cause, explains } of precedence) {
    const found = findings.get(cause);
    if (found?.outcome !== 'fail') continue;
    if (explains.all?.includes(id)) return cause;
    const through = explains.room?.includes(id) ? 'room' : 'same';
    if (left.length === 0 || !explains[through]?.includes(id)) continue;
    const covers = through === 'room' ? coversRooms(found.blames, roomOf) : coversSame(found.blames, roomOf);
    const rest = left.filter((blame) => !covers(blame));
    if (rest.length < left.length) first ??= cause;
    left = rest;
  }
  return left.length === 0 ? first : null;
}

/** A cause that blames a room covers the messages in it. */
function coversSame(blames: readonly Cause[], roomOf: RoomOf): (blame: Cause) => boolean {
  const covered = new CauseSet(blames);
  return (blame) => covered.has(blame) || coversItsRoom(covered, blame, roomOf);
}

function coversItsRoom(covered: CauseSet, blame: Cause, roomOf: RoomOf): boolean {
  const room = blame.subject === 'message' ? roomOf(blame.id) : null;
  return room !== null && covered.has({ subject: 'room', id: room });
}

function coversRooms(blames: readonly Cause[], roomOf: RoomOf): (blame: Cause) => boolean {
  const room = ({ subject, id }: Cause) =>
    subject === 'room' ? id : subject === 'message' ? roomOf(id) : null;
  const rooms = new Set(blames.map(room));
  return (blame) => {
    const its = room(blame);
    return its !== null && rooms.has(its);
  };
}

function rootOf(id: string, direct: ReadonlyMap<string, string>): string {
  let root = id;
  for (let next = direct.get(root); next !== undefined; next = direct.get(root)) root = next;
  return root;
}
