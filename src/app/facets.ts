import type { Config, TargetConfig } from '../config/types.js';
import type { Facet } from '../history/events.js';
import type { TargetKind } from '../observe/target/index.js';
import { signInOf } from './furnish.js';

type Lacking = Partial<Record<Facet, string>>;

/** What a config leaves out, with the reason in words: the checks that need it are skipped. */
export function lacking(config: Config): Lacking {
  const { target } = config;
  return {
    ...signInLacks(target),
    ...recordLacks(target),
    ...(target.log ? {} : { log: 'the config names no log of the service that can be read (target.log)' }),
    ...(target.whoAmI
      ? {}
      : { 'who-am-i': 'the config does not say how to ask who a session is (target.whoAmI)' }),
    ...exitCodeLack(config),
  };
}

/**
 * Do the services that are disrupted hold the sessions' connections, or stand behind one that passes them on? Where the address
 * does not tell, they are taken to.
 */
export function holdsConnections({ target, disruption }: Config, { services }: TargetKind): boolean {
  const place = authorityOf(target.client.url);
  const doors = Object.entries(target.services).filter(([, { ready }]) => authorityOf(ready) === place);
  const holders = new Set(doors.map(([name]) => name));
  for (const name of holders) {
    const behind = services.find((service) => service.name === name)?.routesTo ?? [];
    // A set that grows while it is gone through is gone through to its end.
    for (const next of behind) holders.add(next);
  }
  return holders.size === 0 || disruption.services.some((name) => holders.has(name));
}

const authorityOf = (url: string) => /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1];

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

function exitCodeLack({ target, disruption }: Config): Lacking {
  const attached = disruption.services.filter((name) => target.services[name]?.kind === 'attach');
  return attached.length === 0
    ? {}
    : { 'exit-code': `${attached.join(', ')} is run by somebody else, so its exit code is not seen` };
}
