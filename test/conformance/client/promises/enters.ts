import { describe, expect } from 'vitest';
import { exercise } from '../exercise.js';
import type { Harness } from '../harness.js';
import { forever, Stand } from '../stand.js';

export function enters(harness: Harness): void {
  describe('enters', () => {
    exercise(harness, {}, 'touches no network and asks for nothing before it is connected', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.seat('ada');
      await (await stand.enter('bob')).say(1);
      expect([ada.gate.made, ada.given, ada.watcher.events]).toEqual([0, [], []]);
      expect(ada.client.connected).toBe(false);
    });

    exercise(harness, {}, 'goes through the relay, to the addresses that it names', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.enter('ada');
      expect(ada.gate.made).toBeGreaterThan(0);
    });

    exercise(harness, {}, 'tells connect, open, join, joined and ready, in this order', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.enter('ada');
      expect(ada.watcher.kinds).toEqual(['connect', 'open', 'join', 'joined', 'ready']);
      expect(ada.watcher.of('joined')).toMatchObject([{ room: 'lobby' }]);
      expect(ada.watcher.of('ready')).not.toMatchObject([{ claims: 'resumed' }]);
      expect(new Set(ada.watcher.events.map((seen) => ('conn' in seen ? seen.conn : null)))).toEqual(
        new Set([1]),
      );
      expect(ada.client.connected).toBe(true);
    });

    exercise(
      harness,
      { facets: ['tokens'] },
      'names the token that it carries, and never shows it',
      async () => {
        await using stand = await Stand.at(harness);
        const ada = await stand.enter('ada');
        expect(ada.watcher.of('connect')).toMatchObject([{ token: 'ada-1' }]);
        expect(ada.given).toEqual(['ada-1']);
      },
    );

    exercise(
      harness,
      {},
      'has told ready when `connect` resolves, which resolves at once afterwards',
      async () => {
        await using stand = await Stand.at(harness);
        const ada = await stand.seat('ada');
        const told = ada.client.connect({ signal: forever }).then(() => ada.watcher.of('ready').length);
        expect(await told).toBe(1);
        await ada.client.connect({ signal: forever });
        expect(ada.watcher.of('connect')).toHaveLength(1);
      },
    );

    exercise(harness, {}, 'goes on trying where nobody is there, and says so', async () => {
      await using stand = await Stand.at(harness);
      await stand.stop();
      const ada = await stand.seat('ada');
      const connected = ada.client.connect({ signal: forever });
      await ada.watcher.next('refused', 2);
      expect([ada.client.connected, ada.watcher.of('ready')]).toEqual([false, []]);
      await stand.startAgain();
      await connected;
      expect(ada.watcher.of('connect').length).toBeGreaterThanOrEqual(3);
    });

    exercise(harness, {}, 'gives up connecting when it is called off', async () => {
      await using stand = await Stand.at(harness);
      await stand.stop();
      const ada = await stand.seat('ada');
      const off = new AbortController();
      const connected = ada.client.connect({ signal: off.signal });
      void ada.watcher.next('refused').then(() => off.abort());
      await expect(connected).rejects.toThrow();
      expect(ada.client.connected).toBe(false);
    });

    exercise(harness, {}, 'does not begin where it is called off already', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.seat('ada');
      await expect(ada.client.connect({ signal: AbortSignal.abort() })).rejects.toThrow();
      expect([ada.gate.made, ada.watcher.events]).toEqual([0, []]);
    });

    exercise(
      harness,
      { abilities: ['refuse'], facets: ['tokens'] },
      'says that a token was refused, and comes with another',
      async () => {
        await using stand = await Stand.at(harness, { refuse: 'ada-1' });
        const ada = await stand.enter('ada');
        expect(ada.refused).toEqual(['ada-1']);
        expect(ada.watcher.of('connect').map(({ token }) => token)).toEqual(['ada-1', 'ada-2']);
        expect([401, 403, 4401, 4403]).toContain(ada.watcher.of('refused')[0]?.status);
      },
    );

    exercise(
      harness,
      { abilities: ['refuse'], facets: ['tokens'] },
      'knocks at its own door with a token, and tells in from out',
      async () => {
        await using stand = await Stand.at(harness, { refuse: 'ada-1' });
        const ada = await stand.seat('ada');
        const door = stand.kind.door?.(ada.seat, () => ada.message(1));
        if (!door) return;
        expect(await door.knock('ada-1', { signal: forever })).toMatchObject({ let: 'out' });
        expect(await door.knock('ada-2', { signal: forever })).toMatchObject({ let: 'in' });
        expect(ada.watcher.events).toEqual([]);
      },
    );
  });
}
