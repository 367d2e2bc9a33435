import type { Facet, TestId } from '../history/events.js';

/** What each of the six tests proves. */
export const testWords: Readonly<Record<TestId, { readonly proves: string }>> = {
  session: {
    proves:
      'A signed-in user who is chatting stays signed in and keeps chatting across a restart, with no second sign-in.',
  },
  token: {
    proves:
      'A token issued before the restart is accepted before and after it, is not expired and names the same user; a forged, expired or revoked one never is.',
  },
  reconnect: {
    proves: 'The connection is really lost, and is restored in time with no help from the user.',
  },
  continuity: {
    proves:
      'Messages sent before are still there after, in the same thread; new ones follow on; every acknowledged one arrives once, in order, unchanged, and at nobody else.',
  },
  integrity: {
    proves: 'User data, session data and the chat log are identical, record by record, after the restart.',
  },
  performance: {
    proves:
      'Restart, recovery, reconnect and the whole run stay within their budgets, and the downtime leaves room for the availability promised.',
  },
};

/** What a check needs of a set-up. */
export const facetWords: Readonly<Record<Facet, string>> = {
  connection: 'connection: sessions hold a connection open',
  tokens: 'tokens: sessions show a token or a password to be let in',
  instance: 'instance: connections tell which instance holds them',
  'close-codes': 'close-codes: a target that ends a connection says why, with a code',
  balancer: 'balancer: several replicas stand behind the one address that sessions dial',
  streams: 'streams: answers come in parts',
  cancellation: 'cancellation: an answer can be cancelled while it is made',
  restart: 'restart: the disruption restarts something',
  loss: 'loss: sessions are meant to lose their connection by the disruption',
  acknowledgements: 'acknowledgements: the target says what it has accepted',
  resume: 'resume: a reader that comes back can say where it stopped',
  log: 'log: what the target stores of a chat can be read',
  positions: 'positions: stored and delivered messages carry a number of their room',
  'sign-in': 'sign-in: sessions sign in through the target',
  refresh: 'refresh: a token can be renewed without a second sign-in',
  revocation: 'revocation: a token can be revoked',
  forgeries: 'forgeries: there is a door at which forged tokens can be tried',
  'who-am-i': 'who-am-i: the target says who a session is',
  'user-records': 'user-records: records of the user can be read',
  'session-records': 'session-records: records of the session can be read',
  'other-records': 'other-records: other records can be read',
  graceful: 'graceful: the disruption gives the process time to say goodbye',
  'exit-code': 'exit-code: the process is ours, so its exit code is seen',
};
