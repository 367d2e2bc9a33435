/** A replica of a service; numbers count from 1. */
export interface Place {
  readonly service: string;
  readonly number: number;
}

/** How many replicas each service has, those in reserve included. */
export type Counts = ReadonlyMap<string, number>;

/**
 * The service whose replicas each have a port or folder of this name: the name is the service's own, or begins with it and a dash
 * (`chat-metrics`). Null: it is everybody's.
 */
export function ownerOf(name: string, counts: Counts): string | null {
  const owners = [...counts.keys()].filter((service) => name === service || name.startsWith(`${service}-`));
  // Of `chat` and `chat-auth`, `chat-auth` has what is called so.
  return owners.sort((one, other) => other.length - one.length)[0] ?? null;
}

/** What a replica is called in files and messages: the service, with its number where there are several. */
export const nameOf = ({ service, number }: Place, count: number): string =>
  count === 1 ? service : `${service}.${number}`;

/** Those of one port or folder, for messages: `{port:chat.1}, {port:chat.2}`. */
export const numbered = (kind: string, name: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `{${kind}:${name}.${index + 1}}`).join(', ');
