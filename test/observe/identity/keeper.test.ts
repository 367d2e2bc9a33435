import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../src/history/events.js';
import { createKeeper, type Credentials, type Keeper } from '../../../src/observe/identity/index.js';
import { createRedactor } from '../../../src/observe/record/index.js';
import { Authority } from './authority.js';

const call = { signal: new AbortController().signal };
const ada = { id: 'u-1', name: 'ada', secret: 'secret' };

function keeping(authority = new Authority(), kind?: 'does not refresh') {
  const events: Seen[] = [];
  const keeper = createKeeper({
    ...{ session: '12', user: ada, signIn: authority.signIn(kind), redactor: createRedactor() },
    observe: (seen) => events.push(seen),
    now: () => authority.now,
  });
  return { authority, keeper, events };
}

const how = (events: readonly Seen[]) =>
  events.map((seen) => (seen.kind === 'sign-in' ? `${seen.how} ${seen.ok ? 'ok' : 'failed'}` : seen.kind));

describe('the credentials of one session', () => {
  it('are asked for once, however many want them, and told without the token', async () => {
    const { authority, keeper, events } = keeping();
    expect(keeper.grant).toBeNull();
    const all = await Promise.all(Array.from({ length: 10 }, () => keeper.credentials(call)));
    expect(new Set(all)).toEqual(new Set([{ token: 'token-1', label: 's12-1' }]));
    expect(await keeper.credentials(call)).toEqual({ token: 'token-1', label: 's12-1' });
    expect(authority.requests).toEqual(['sign-in']);
    expect(events).toEqual([
      { kind: 'sign-in', how: 'first', ok: true, token: 's12-1', user: 'u-1', expiresInMs: 100_000 },
    ]);
    expect(keeper.grant?.token).toBe('token-1');
  });

  it('are renewed when four fifths of their life are over, not before', async () => {
    const { authority, keeper, events } = keeping();
    await keeper.credentials(call);
    authority.now += 79_999;
    expect((await keeper.credentials(call)).label).toBe('s12-1');
    authority.now += 1;
    expect((await keeper.credentials(call)).label).toBe('s12-2');
    expect(how(events)).toEqual(['first ok', 'refresh ok']);
  });

  it('are renewed when the target refused them, not signed in for again', async () => {
    const { keeper, events } = keeping();
    keeper.rejected(await keeper.credentials(call));
    expect((await keeper.credentials(call)).label).toBe('s12-2');
    expect(how(events)).toEqual(['first ok', 'refresh ok']);
  });

  it('do not mind late news of a token that was replaced already', async () => {
    const { authority, keeper } = keeping();
    const first = await keeper.credentials(call);
    keeper.rejected(first);
    const second = await keeper.credentials(call);
    keeper.rejected(first);
    expect(await keeper.credentials(call)).toBe(second);
    expect(authority.requests).toEqual(['sign-in', 'refresh']);
  });

  it('are signed in for again only when the renewal is refused and the token is of no use', async () => {
    const { authority, keeper, events } = keeping();
    const first = await keeper.credentials(call);
    authority.refreshMood = 'refuses';
    authority.now += 90_000;
    expect(await keeper.credentials(call)).toBe(first);
    expect(await keeper.credentials(call)).toBe(first);
    expect(authority.requests).toEqual(['sign-in', 'refresh']);
    keeper.rejected(first);
    expect((await keeper.credentials(call)).label).toBe('s12-2');
    expect(how(events)).toEqual(['first ok', 'refresh failed', 'again ok']);
    expect(events[1]).toEqual({ kind: 'sign-in', how: 'refresh', ok: false, reason: 'no', status: 401 });
  });

  it('stay in use while the target cannot renew them, as long as they are good', async () => {
    const { authority, keeper } = keeping();
    const first = await keeper.credentials(call);
    authority.refreshMood = 'is away';
    authority.now += 90_000;
    expect(await keeper.credentials(call)).toBe(first);
    authority.now += 10_000;
    await expect(keeper.credentials(call)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    authority.refreshMood = 'answers';
    expect((await keeper.credentials(call)).label).toBe('s12-2');
    expect(authority.requests.filter((request) => request === 'sign-in')).toHaveLength(1);
  });

  it('are signed in for again where tokens cannot be renewed', async () => {
    const { authority, keeper, events } = keeping(new Authority(), 'does not refresh');
    await keeper.credentials(call);
    expect(await keeper.renew(call)).toBe('unsupported');
    authority.now += 100_000;
    expect((await keeper.credentials(call)).label).toBe('s12-2');
    expect(how(events)).toEqual(['first ok', 'again ok']);
  });

  it('are still a first sign-in when the first attempts found nobody', async () => {
    const { authority, keeper, events } = keeping();
    authority.signInMood = 'is away';
    await expect(keeper.credentials(call)).rejects.toThrow('nobody there');
    authority.signInMood = 'answers';
    expect((await keeper.credentials(call)).label).toBe('s12-1');
    expect(how(events)).toEqual(['first failed', 'first ok']);
  });

  it.each([
    ['answers', 'renewed'],
    ['refuses', 'refused'],
    ['is away', 'no-answer'],
  ] as const)('can be renewed at any time; when the target %s, that is %s', async (mood, renewal) => {
    const { authority, keeper } = keeping();
    expect(await keeper.renew(call)).toBe('unsupported');
    await keeper.credentials(call);
    authority.refreshMood = mood;
    expect(await Promise.all([keeper.renew(call), keeper.renew(call)])).toEqual([renewal, renewal]);
    expect(authority.requests).toEqual(['sign-in', 'refresh']);
  });

  it('never expire where the token does not say when', async () => {
    const { authority, keeper } = keeping(new Authority(Infinity));
    const first = await keeper.credentials(call);
    authority.now += 1e12;
    expect(await keeper.credentials(call)).toBe(first);
  });

  it('leave the others their request when one of them goes away, and none when all do', async () => {
    const { authority, keeper, events } = keeping();
    const [impatient, patient] = [new AbortController(), new AbortController()];
    const asked = [impatient, patient].map((caller) => keeper.credentials(caller));
    impatient.abort(new Error('enough'));
    await expect(asked[0]).rejects.toThrow('enough');
    expect((await asked[1])?.label).toBe('s12-1');
    keeper.rejected(await keeper.credentials(call));
    const last = new AbortController();
    const renewing = keeper.credentials(last);
    last.abort(new Error('enough'));
    await expect(renewing).rejects.toThrow('enough');
    expect((await keeper.credentials(call)).label).toBe('s12-2');
    // What was called off is no answer of the target: it is not told.
    expect(how(events)).toEqual(['first ok', 'refresh ok']);
    expect(authority.requests).toEqual(['sign-in', 'refresh', 'refresh']);
  });
});

interface World {
  readonly authority: Authority;
  readonly keeper: Keeper;
  readonly rejected: Set<string>;
  readonly last: { credentials?: Credentials };
}
type Step = (world: World) => Promise<void>;

const steps: fc.Arbitrary<{ readonly name: string; readonly take: Step }> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((callers) => ({ name: `${callers} ask`, take: ask(callers) })),
  fc.integer({ min: 1, max: 120_000 }).map((ms) => ({
    name: `${ms} ms pass`,
    take: ({ authority }: World) => Promise.resolve(void (authority.now += ms)),
  })),
  fc.constantFrom('answers', 'refuses', 'is away').map((mood) => ({
    name: `refresh ${mood}`,
    take: ({ authority }: World) => Promise.resolve(void (authority.refreshMood = mood)),
  })),
  fc.constantFrom('answers', 'is away').map((mood) => ({
    name: `sign-in ${mood}`,
    take: ({ authority }: World) => Promise.resolve(void (authority.signInMood = mood)),
  })),
  fc.constant({ name: 'the token is refused', take: refuse }),
  fc.constant({ name: 'a renewal', take: async ({ keeper }: World) => void (await keeper.renew(call)) }),
);

function ask(callers: number): Step {
  return async ({ authority, keeper, rejected, last }) => {
    const answers = await Promise.allSettled(Array.from({ length: callers }, () => keeper.credentials(call)));
    const given = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect([0, callers]).toContain(given.length);
    for (const credentials of given) {
      expect(credentials).toBe(given[0]);
      expect(rejected).not.toContain(credentials.token);
      expect(authority.owners.get(credentials.token)).toBeGreaterThan(authority.now);
      last.credentials = credentials;
    }
    // Nobody is turned away while the target answers everything.
    if (authority.refreshMood === 'answers' && authority.signInMood === 'answers')
      expect(given).toHaveLength(callers);
  };
}

function refuse({ keeper, rejected, last }: World): Promise<void> {
  if (last.credentials) {
    // Late news of an older token is no news.
    if (keeper.grant?.token === last.credentials.token) rejected.add(last.credentials.token);
    keeper.rejected(last.credentials);
  }
  return Promise.resolve();
}

describe('whatever happens', () => {
  it('no token is handed out that is refused or expired, nothing is asked twice at once, and nobody signs in again without need', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 25 }), async (script) => {
        const { authority, keeper, events } = keeping();
        const world: World = { authority, keeper, rejected: new Set(), last: {} };
        for (const { take } of script) await take(world);
        expect(authority.mostAtOnce).toBeLessThanOrEqual(1);
        expect(events).toHaveLength(authority.requests.length);
        expectNoNeedlessSignIn(events);
        const labels = events.flatMap((seen) => (seen.kind === 'sign-in' && seen.ok ? [seen.token] : []));
        expect(labels).toEqual(labels.map((_, index) => `s12-${index + 1}`));
      }),
      { numRuns: 300 },
    );
  });
});

/** A sign-in that is not the first follows a refusal to renew the token that was held. */
function expectNoNeedlessSignIn(events: readonly Seen[]): void {
  let [signedIn, refused] = [false, false];
  for (const seen of events) {
    if (seen.kind !== 'sign-in') continue;
    if (seen.how === 'first') expect(signedIn).toBe(false);
    if (seen.how === 'again') expect(refused).toBe(true);
    if (seen.ok) [signedIn, refused] = [true, false];
    else if (seen.how === 'refresh') refused ||= seen.status === 401;
  }
}
