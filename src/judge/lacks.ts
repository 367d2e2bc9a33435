import type { Facet, Header } from '../history/events.js';
import type { Check } from './port.js';
import { list } from './words.js';

/** What the set-up lacks, as it is named beside others: `no records and no log`. */
const names: Readonly<Record<Facet, string>> = {
  connection: 'connection',
  tokens: 'tokens',
  instance: 'instance that connections name',
  'close-codes': 'close codes',
  balancer: 'several replicas behind one address',
  streams: 'answers in parts',
  cancellation: 'way to cancel an answer',
  restart: 'restart',
  loss: 'loss of connections',
  acknowledgements: 'acknowledgements',
  resume: 'resumption',
  log: 'log',
  positions: 'numbers',
  'sign-in': 'sign-in',
  refresh: 'refresh',
  revocation: 'revocation',
  forgeries: 'door for forged tokens',
  'who-am-i': 'way to ask who a session is',
  'user-records': 'records',
  'session-records': 'records',
  'other-records': 'records',
  graceful: 'time to say goodbye',
  'exit-code': 'exit code',
};

/** Why a check cannot be judged in this set-up, as the plan says; null: it can. */
export function lackOf(check: Check, header: Header): string | null {
  const facet = facetLacked(check, header);
  return facet === null ? null : (header.plan.without[facet] ?? facet);
}

/** Why none of these checks can be judged: the reason of the plan, or several in one short line. */
export function lackOfAll(checks: readonly Check[], header: Header): string {
  const reasons = [...new Set(checks.flatMap((check) => lackOf(check, header) ?? []))];
  const [reason = ''] = reasons;
  if (reasons.length < 2) return reason;
  const lacked = new Set(
    checks.flatMap((check) => facetLacked(check, header) ?? []).map((one) => names[one]),
  );
  const whose = reasons.every((one) => one.startsWith('the config names '))
    ? 'the config names'
    : 'this set-up has';
  // A reason may end with the keys of the config at which it can be changed.
  const keys = new Set(reasons.flatMap((one) => /\(([\w-]+(?:\.[\w-]+)+)\)$/.exec(one)?.[1] ?? []));
  const where = keys.size === 0 ? '' : ` (${[...keys].join(', ')})`;
  return `${whose} ${list([...lacked].map((name) => `no ${name}`))}${where}`;
}

const facetLacked = ({ needs }: Check, { plan }: Header): Facet | null =>
  needs.find((need) => plan.without[need] !== undefined) ?? null;
