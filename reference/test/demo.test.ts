import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demo, rolling, together, variants } from '../src/demo.js';

const checks = new Set(
  `identity-kept no-second-login came-back close-code exit-code accepted-before accepted-after not-expired refresh-works
  revoked-refused forged-refused secrets-hidden connection-was-lost reconnected reconnect-time resumed-honestly messages-lost
  messages-duplicated messages-reordered messages-altered messages-leaked messages-phantom log-kept thread-continues
  answers-complete answers-continuous answers-cancelled requests-finished
  user-data session-data chat-log no-record-changed routed-to-ready any-instance moved-once spread idle-time-out
  across-instances restart recovery reconnect total availability`.split(/\s+/),
);

describe('the description of the demo', () => {
  it('starts programs that are there', () => {
    const commands = [
      ...[...Object.values(demo.services), rolling.balancer].map(({ command }) => command),
      ...Object.values(variants).flatMap(({ commands: own }) => Object.values(own)),
    ];
    for (const [program = '', file = ''] of commands) {
      expect(program).toBe(process.execPath);
      expect(existsSync(file), file).toBe(true);
    }
  });

  it('holds only placeholders that its reader knows', () => {
    const found = JSON.stringify({ demo, rolling }).match(/\{[^{}":]*(:[^{}"]*)?\}/g) ?? [];
    expect([...new Set(found)].sort()).toEqual([
      '{folder:database}',
      '{port:auth}',
      '{port:backend.1}',
      '{port:backend.2}',
      '{port:backend.3}',
      '{port:backend}',
      '{port:balancer}',
      '{port:database}',
      '{secret:admin}',
      '{secret:database}',
      '{thread}',
    ]);
  });

  it('names checks that exist, and none both as failing and as a consequence', () => {
    for (const [name, { expected }] of Object.entries(variants)) {
      for (const { fails, consequences } of Object.values(expected)) {
        for (const id of [...fails, ...consequences]) expect(checks.has(id), `${name}: ${id}`).toBe(true);
        expect(
          fails.filter((id) => consequences.includes(id)),
          name,
        ).toEqual([]);
      }
      const all = Object.values(expected).flatMap(({ fails }) => fails);
      expect(all.length, name).toBeGreaterThan(0);
    }
  });

  it('makes one variant of several: each check of each, and the services of all', () => {
    const both = together(['swaps-identity', 'forgets-refresh']);
    expect(both).toMatchObject({
      restarts: ['auth', 'backend'],
      expected: { restart: { fails: ['identity-kept', 'refresh-works'] } },
    });
    expect(both.commands).toEqual({
      auth: [process.execPath, expect.any(String), 'swaps-identity,forgets-refresh', 'auth'],
      backend: [process.execPath, expect.any(String), 'swaps-identity,forgets-refresh', 'backend'],
    });
  });

  it('makes none of two that break the same part, or that no single kind of restart shows', () => {
    expect(() => together(['memory-log', 'refuses-returners'])).toThrow('the same part, log');
    expect(() => together(['memory-log', 'first-ready'])).toThrow('rolling');
    expect(() => together(['memory-log', 'works-once'])).toThrow('the other only by several');
    expect(() => together(['no-such'])).toThrow(RangeError);
  });
});
