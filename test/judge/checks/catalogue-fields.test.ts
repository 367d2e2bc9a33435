import { describe, expect, it } from 'vitest';
import { atLeastOnce, atMostOnce, exactlyOnce } from '../../../src/contract/contracts.js';
import type { Contract } from '../../../src/contract/data.js';
import { facets, testIds, type Event, type Facet } from '../../../src/history/events.js';
import { checks } from '../../../src/judge/checks/index.js';
import { connections } from '../../../src/judge/facts/connections.js';
import { timeline } from '../../../src/judge/facts/timeline.js';
import type { Accumulator, Check, Context, End, Outcome, Projection } from '../../../src/judge/port.js';
import { result } from '../result.js';
import { right, rollout } from '../stories.js';
import { having, judge, without, type Told } from '../story.js';

const ofBalancers = ['routed-to-ready', 'any-instance', 'moved-once', 'spread', 'idle-time-out'];
const needingInstances = [...ofBalancers.slice(1), 'across-instances'];

/** By test, the checks of the design, in the order in which they are shown. */
const ofTests = {
  session: ['identity-kept', 'no-second-login', 'came-back', 'close-code', 'exit-code', 'requests-finished'],
  token: [
    ...['accepted-before', 'accepted-after', 'not-expired', 'refresh-works'],
    ...['revoked-refused', 'forged-refused', 'secrets-hidden'],
  ],
  reconnect: ['connection-was-lost', 'reconnected', 'reconnect-time', 'resumed-honestly', ...ofBalancers],
  continuity: [
    ...['messages-lost', 'messages-duplicated', 'messages-reordered', 'messages-altered'],
    ...['messages-leaked', 'messages-phantom', 'log-kept', 'thread-continues', 'across-instances'],
    ...['answers-complete', 'answers-continuous', 'answers-cancelled'],
  ],
  integrity: ['user-data', 'session-data', 'chat-log', 'no-record-changed'],
  performance: ['restart', 'recovery', 'reconnect', 'total', 'availability'],
};

/** By what a set-up may lack, what cannot be judged then. */
const skippedWithout: Readonly<Record<Facet, readonly string[]>> = {
  connection: ['close-code', 'reconnected', 'reconnect-time', 'reconnect'],
  tokens: ['accepted-before', 'accepted-after', 'not-expired', 'forged-refused', 'secrets-hidden'],
  instance: needingInstances,
  'close-codes': ['close-code'],
  balancer: [...ofBalancers, 'across-instances'],
  streams: ['requests-finished', 'answers-complete', 'answers-continuous', 'answers-cancelled'],
  cancellation: ['answers-cancelled'],
  restart: ['exit-code', 'requests-finished', 'restart'],
  loss: ['close-code', 'requests-finished'],
  acknowledgements: ['resumed-honestly', 'messages-lost', 'log-kept', 'across-instances'],
  resume: ['resumed-honestly'],
  log: ['log-kept', 'chat-log', 'no-record-changed'],
  positions: ['no-record-changed'],
  'sign-in': ['no-second-login'],
  refresh: ['refresh-works'],
  revocation: ['revoked-refused'],
  forgeries: ['forged-refused'],
  'who-am-i': ['identity-kept'],
  'user-records': ['user-data'],
  'session-records': ['session-data'],
  'other-records': [],
  graceful: ['close-code', 'exit-code', 'requests-finished'],
  'exit-code': ['exit-code'],
};

/** What a contract may not promise, and what then is shown and does not bind. */
const unbound: readonly (readonly [string, Contract, readonly string[]])[] = [
  ['that all arrives once and in order, after one rollout or a revocation', exactlyOnce(), []],
  ['that nothing arrives twice', atLeastOnce(), ['messages-duplicated']],
  [
    'that nothing is missed',
    atMostOnce(),
    ['messages-lost', 'across-instances', 'answers-complete', 'answers-continuous'],
  ],
  ['an order', exactlyOnce({ order: 'none' }), ['messages-reordered']],
  ['that a revocation takes effect', exactlyOnce({ revocationMs: null }), ['revoked-refused']],
  ['how often a rollout disconnects', exactlyOnce({ rollout: { disconnects: 'any' } }), ['moved-once']],
];

/** What a right history shows although it breaks off: the rest rests on something that was not seen. */
const shownByPresence = [
  ...['identity-kept', 'close-code', 'exit-code', 'requests-finished', 'accepted-before', 'accepted-after'],
  ...['refresh-works', 'revoked-refused', 'forged-refused', 'connection-was-lost', 'log-kept'],
  ...['thread-continues', 'answers-complete', 'answers-continuous', 'answers-cancelled', 'user-data'],
  ...['session-data', 'chat-log', 'restart'],
];

const isEnd = ({ kind }: Event) => kind === 'end';
const ids = (all: readonly Check[]) => all.map(({ id }) => id);

describe('the catalogue', () => {
  it('holds the checks of each test, in the order in which they are shown', () => {
    expect(checks.map(({ id, test }) => `${test}: ${id}`)).toEqual(
      testIds.flatMap((test) => ofTests[test].map((id) => `${test}: ${id}`)),
    );
  });

  it.each(facets)('skips what it cannot judge without %s, and nothing else', (facet) => {
    const { header } = right;
    const plan = { ...header.plan, without: { [facet]: 'there is none' } };
    const verdict = judge({ header: { ...header, plan }, events: [] });
    expect(having(verdict, 'skipped')).toEqual(skippedWithout[facet]);
  });

  it.each(unbound)('binds all but what rests on it where a contract does not promise %s', (_, one, free) => {
    expect(ids(checks.filter((check) => !check.binds(one)))).toEqual(free);
  });

  it('binds to the rollout of the standard where a contract names none', () => {
    const { rollout: _, ...contract } = exactlyOnce();
    expect(ids(checks.filter((check) => !check.binds(contract)))).toEqual([]);
  });

  it('passes of a history that breaks off only what was seen', () => {
    expect(having(judge(without(right, isEnd)), 'pass')).toEqual(shownByPresence);
    const rolled = judge(without(rollout, isEnd));
    expect(having(rolled, 'pass').filter((id) => skippedWithout.balancer.includes(id))).toEqual([
      'routed-to-ready',
      'spread',
    ]);
  });
});

/** Judged with the facts that the check says it uses, and with no others. */
function outcomeAlone(check: Check, { header, events }: Told): Outcome {
  const facts = new Map<Projection<unknown>, Accumulator<unknown>>();
  for (const projection of check.uses) facts.set(projection, projection.start(header));
  const context: Context = {
    header,
    facts<View>(projection: Projection<View>): View {
      const found = facts.get(projection);
      if (!found) throw new Error(`${check.id} does not say that it uses ${projection.id}`);
      return found.view as View;
    },
  };
  for (const event of events)
    for (const [{ kinds }, fact] of facts) if (kinds.includes(event.kind)) fact.see(event);
  const end: End = events.find((event) => event.kind === 'end') ?? null;
  return check.start(context).judge(end).outcome;
}

describe('each check', () => {
  const rows = checks.map((check) => [check.id, check] as const);

  it.each(rows)('says which facts it uses: %s', (id, check) => {
    const told = skippedWithout.balancer.includes(id) ? rollout : right;
    expect(check.uses).toEqual(expect.arrayContaining([timeline, connections]));
    expect(new Set(check.uses).size).toBe(check.uses.length);
    expect(outcomeAlone(check, told)).toBe('pass');
    expect(result(told, id).outcome).toBe('pass');
  });
});
