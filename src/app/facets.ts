import type { Config, TargetConfig } from '../config/types.js';
import type { Facet } from '../history/events.js';
import { balancingLacks } from './balancing.js';
import { signInOf } from './furnish.js';

type Lacking = Partial<Record<Facet, string>>;

/** What a config leaves out, with the reason in words: the checks that need it are skipped. */
export function lacking(config: Config): Lacking {
  const { target } = config;
  return {
    ...signInLacks(target),
    ...recordLacks(target),
    ...balancingLacks(config),
    ...(target.log ? {} : { log: 'the config names no log of the service that can be read (target.log)' }),
    ...(target.whoAmI
      ? {}
      : { 'who-am-i': 'the config does not say how to ask who a session is (target.whoAmI)' }),
    ...streamLacks(target),
  };
}

function signInLacks({ users }: TargetConfig): Lacking {
  const nothing = { redactor: { add: () => undefined }, resolve: (text: string) => text };
  return signInOf(users, nothing).lacks;
}

function recordLacks({ records }: TargetConfig): Lacking {
  const kinds = new Set(Object.values(records).map(({ of }) => of));
  const reason = (of: string) => `the config names no record of the ${of} (target.records)`;
  return {
    ...(kinds.has('user') ? {} : { 'user-records': reason('user') }),
    ...(kinds.has('session') ? {} : { 'session-records': reason('session') }),
    ...(kinds.has('other') ? {} : { 'other-records': 'the config names no other records (target.records)' }),
  };
}

function streamLacks({ answers }: TargetConfig): Lacking {
  const nothing = 'the config does not say how answers are streamed (target.answers)';
  if (!answers) return { streams: nothing, cancellation: nothing };
  return answers.cancel === false
    ? { cancellation: 'answers cannot be cancelled (target.answers.cancel)' }
    : {};
}
