import { describe, expect, it } from 'vitest';
import type { Replica } from '../src/balancer/pool.js';
import { byToken, firstReady, leastHeldOnly } from '../src/broken/balancer-faults.js';

const replicas: Replica[] = [
  { host: 'a', port: 1, ready: true, held: 7 },
  { host: 'b', port: 2, ready: true, held: 3 },
  { host: 'c', port: 3, ready: false, held: 0 },
];
const none = new Set<Replica>();
const of = (token: string) => ({ headers: { 'sec-websocket-protocol': `chat, bearer.${token}` } });

describe('a broken balancer', () => {
  it('first-ready: takes the first, however much it holds', () => {
    expect(firstReady(replicas, none, of('x'))?.host).toBe('a');
  });

  it('looks-once: tries nobody else', () => {
    expect(leastHeldOnly(replicas, none, of('x'))?.host).toBe('b');
    expect(leastHeldOnly(replicas, new Set(replicas.slice(1, 2)), of('x'))).toBeNull();
  });

  it('own-replays-only: brings the same token to the same one, and different tokens to all that are ready', () => {
    const tokens = Array.from({ length: 30 }, (_, index) => `token-${index}`);
    const hosts = tokens.map((token) => byToken(replicas, none, of(token))?.host);
    expect(tokens.map((token) => byToken([...replicas].reverse(), none, of(token))?.host)).toEqual(hosts);
    expect(new Set(hosts)).toEqual(new Set(['a', 'b']));
  });
});
