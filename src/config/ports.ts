import { didYouMean } from '../base/spelling.js';
import { numbered, ownerOf, type Counts } from '../observe/target/index.js';
import type { Problem } from './problems.js';
import { at, isObject, textsIn } from './written.js';

/** A port as it stands in a text; `number` is null where none is told. */
interface Port {
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly number: number | null;
  /** The service in whose description it stands; null: elsewhere. */
  readonly service: string | null;
}

/** Ports that cannot be meant: no service is started with them, or they are one of several and do not say which. */
export function strangePorts(input: unknown): Problem[] {
  const services = at(input, 'target', 'services');
  const target = at(input, 'target');
  if (!isObject(services) || !isObject(target)) return [];
  const counts = countsOf(services);
  const inside = Object.keys(services).flatMap((service) =>
    portsIn(services[service], ['target', 'services', service], service),
  );
  const named = new Set(inside.map(({ name }) => name));
  const outside = [
    ...portsIn({ ...target, services: undefined }, ['target'], null),
    ...portsIn(at(input, 'disruption'), ['disruption'], null),
  ];
  return [...inside, ...outside].flatMap((port) => {
    const message = named.has(port.name) ? notOne(port, counts) : unknown(port, named);
    return message === null ? [] : [{ path: port.path, message }];
  });
}

function countsOf(services: Readonly<Record<string, unknown>>): Counts {
  const many = (name: string, key: string, unlessTold: number) => {
    const told = at(services, name, key);
    return typeof told === 'number' && Number.isSafeInteger(told) ? told : unlessTold;
  };
  return new Map(
    Object.keys(services).map((name) => [name, many(name, 'replicas', 1) + many(name, 'spare', 0)]),
  );
}

function portsIn(value: unknown, path: readonly PropertyKey[], service: string | null): Port[] {
  return textsIn(value, path).flatMap(({ path: found, text }) =>
    [...text.matchAll(/\{port:([^{}]+?)(?:\.(\d+))?\}/g)].map(([, name = '', number]) => ({
      ...{ path: found, name, service },
      number: number === undefined ? null : Number(number),
    })),
  );
}

const unknown = ({ name }: Port, named: ReadonlySet<string>): string =>
  `{port:${name}} stands in no service's command, environment or ready.${didYouMean(name, named)}`;

/** Why it does not name one port; null: it does. */
function notOne({ name, number, service }: Port, counts: Counts): string | null {
  const owner = ownerOf(name, counts);
  const count = (owner === null ? undefined : counts.get(owner)) ?? 1;
  if (number === null) {
    if (count === 1 || owner === service) return null;
    return `each of ${count} replicas has its own {port:${name}}: say which of ${numbered('port', name, count)}`;
  }
  if (number >= 1 && number <= count) return null;
  const there = count === 1 ? `{port:${name}}` : numbered('port', name, count);
  return `{port:${name}.${number}} is none of ${there}`;
}
