import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt } from 'jose/jwt/decode';
import type { Door } from '../backend/door.js';
import type { Membership, Seat } from '../backend/membership.js';
import type { BackendParts, Resume } from '../backend/parts.js';
import type { Records } from '../backend/records.js';
import type { Revocations } from '../backend/revocations.js';
import { Refusal } from '../http/refusal.js';
import { resumeWhereLeft } from '../backend/parts.js';
import type { Pool } from '../storage/pool.js';
import { readIdentity, type Admission } from '../tokens/access-token.js';

/** Repeats the last message that the client has. */
export const resumeOneTooEarly: Resume = (after, head) =>
  after === undefined ? head : Math.max(0, Math.min(after, head) - 1);

/** Whatever was missed is dropped. */
export const resumeAtHead: Resume = (_after, head) => head;

/** Past anything that will ever be said: there is nothing to hand out, now or later. */
export const resumePastTheEnd: Resume = (after, head) =>
  after === undefined ? head : Number.MAX_SAFE_INTEGER;

/** Who says where it stopped and was not here before is a stranger, once; then it is taken for a new one. */
export function strangersRefused(): Resume {
  const known = new Set<string>();
  return (after, head, sessionId = '') => {
    const isKnown = known.has(sessionId);
    known.add(sessionId);
    if (after !== undefined && !isKnown)
      throw new Refusal(404, 'unknown_session', 'There is no such session.');
    return resumeWhereLeft(after, head);
  };
}

/** Replays from what this process kept for those who were here; who comes from elsewhere begins at the newest message. */
export function ownReplaysOnly(): Resume {
  const known = new Set<string>();
  return (after, head, sessionId = '') => {
    const isKnown = known.has(sessionId);
    known.add(sessionId);
    return isKnown ? resumeWhereLeft(after, head) : head;
  };
}

/** Takes who says where it stopped in a thread for somebody who was let in there before, and remembers it. */
export class CredulousMembership implements Membership {
  readonly #membership: Membership;
  readonly #believed = new Set<string>();

  constructor(membership: Membership) {
    this.#membership = membership;
  }

  async hold(seats: readonly Seat[]): Promise<readonly boolean[]> {
    const held = await this.#membership.hold(seats);
    return seats.map((seat, index) => this.#isBelieved(seat) || held[index] === true);
  }

  #isBelieved({ threadId, userId, after }: Seat): boolean {
    const key = JSON.stringify([threadId, userId]);
    if (after !== undefined) this.#believed.add(key);
    return this.#believed.has(key);
  }
}

/** Knows only the revocations that were made while it lived. */
export class ForgetfulRevocations implements Revocations {
  readonly #pool: Pool;
  readonly #bornAt = new Date();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async among(sessionIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.#pool.query<{ id: string }>(
      'SELECT id FROM sessions WHERE id = ANY($1::text[]) AND revoked_at > $2',
      [sessionIds, this.#bornAt],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

const openMs = 2_500;

/** Believes every well-formed token in the first moments. */
export class CredulousDoor implements Door {
  readonly #door: Door;
  #readySince: number | undefined;

  constructor(door: Door) {
    this.#door = door;
  }

  admit(token: string): Promise<Admission> {
    const open = this.#readySince === undefined || performance.now() - this.#readySince < openMs;
    const believed = open ? believe(token) : undefined;
    return believed ? Promise.resolve(believed) : this.#door.admit(token);
  }

  isReady(): boolean {
    const ready = this.#door.isReady();
    if (ready) this.#readySince ??= performance.now();
    return ready;
  }

  ready(): Promise<void> {
    return this.#door.ready().then(() => void this.isReady());
  }

  close(): void {
    this.#door.close();
  }
}

const adriftMs = 2_500;

/** Reads a clock that is hours ahead in the first moments: every token has expired. */
export const earlyDoor = (door: Door): Door =>
  wrongAtFirst(door, adriftMs, async (token) => {
    const admission = await door.admit(token);
    return admission.verdict === 'in' ? { verdict: 'out', reason: 'expired' } : admission;
  });

const talkativeMs = 2_000;

/** Cannot verify in the first moments, and says what it could not verify. */
export const talkativeDoor = (door: Door): Door =>
  wrongAtFirst(door, talkativeMs, (token) =>
    Promise.resolve({ verdict: 'unsure', reason: `Cannot verify ${token} yet.` }),
  );

/** For so many ms after it was made, another admits. */
function wrongAtFirst(door: Door, ms: number, admit: Door['admit']): Door {
  const bornAt = performance.now();
  return {
    admit: (token) => (performance.now() - bornAt < ms ? admit(token) : door.admit(token)),
    isReady: () => door.isReady(),
    ready: () => door.ready(),
    close: () => door.close(),
  };
}

function believe(token: string): Admission | undefined {
  try {
    return readIdentity(decodeJwt(token));
  } catch {
    return undefined;
  }
}

/** Remembers in the process when it first saw a user, and takes that for when the profile was made. */
export function forgetfulProfiles(records: Records): Records {
  const seen = new Map<string, string>();
  return {
    session: (sessionId) => records.session(sessionId),
    user: async (userId) => {
      const user = await records.user(userId);
      return user && { ...user, profile: { ...user.profile, created_at: firstSeen(seen, userId) } };
    },
  };
}

/** Remembers in the process when it first saw a session, and takes that for the sign-in. */
export function forgetfulSessions(records: Records): Records {
  const seen = new Map<string, string>();
  return {
    user: (userId) => records.user(userId),
    session: async (sessionId) => {
      const session = await records.session(sessionId);
      return session && { ...session, signed_in_at: firstSeen(seen, sessionId) };
    },
  };
}

function firstSeen(seen: Map<string, string>, id: string): string {
  const at = seen.get(id) ?? new Date().toISOString();
  seen.set(id, at);
  return at;
}

const slowMs = 750;

/** Each look at a user or a session takes its time. */
export function slowRecords(records: Records): Records {
  return {
    user: async (userId) => {
      await pause(slowMs);
      return records.user(userId);
    },
    session: async (sessionId) => {
      await pause(slowMs);
      return records.session(sessionId);
    },
  };
}

/** Looks users up in a list made at the start, one place too far. Those who came later are looked up rightly. */
export async function swappedRecords({ pool, records }: BackendParts): Promise<Records> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM users ORDER BY id');
  const ids = rows.map(({ id }) => id);
  const swapped = (userId: string) => {
    const place = ids.indexOf(userId);
    return place < 0 ? userId : (ids[(place + 1) % ids.length] ?? userId);
  };
  return {
    user: (userId) => records.user(swapped(userId)),
    session: async (sessionId) => {
      const session = await records.session(sessionId);
      return session && { ...session, user_id: swapped(session.user_id) };
    },
  };
}
