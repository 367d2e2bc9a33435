import { describe, expect } from 'vitest';
import { exercise } from '../exercise.js';
import type { Harness } from '../harness.js';
import { forever, type Session, Stand } from '../stand.js';

const leave = ({ client }: Session) => client[Symbol.asyncDispose]();

export function leaves(harness: Harness): void {
  describe('leaves', () => {
    exercise(harness, {}, 'once and for all: again and at the same time is the same', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.enter('ada');
      await Promise.all([leave(ada), leave(ada)]);
      await leave(ada);
      expect(ada.client.connected).toBe(false);
      expect(ada.watcher.of('close')).toMatchObject([{ by: 'session', conn: 1 }]);
    });

    exercise(harness, {}, 'without a word afterwards, and without a socket', async () => {
      await using stand = await Stand.at(harness);
      const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
      await leave(ada);
      const told = ada.watcher.events.length;
      await bob.say(1);
      await ada.gate.empty();
      await stand.stop();
      expect(ada.watcher.events.slice(told)).toEqual([]);
    });

    exercise(harness, {}, 'without having been connected', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.seat('ada');
      await leave(ada);
      expect([ada.gate.made, ada.watcher.events]).toEqual([0, []]);
    });

    exercise(harness, {}, 'while it tries to connect, which then fails', async () => {
      await using stand = await Stand.at(harness);
      await stand.stop();
      const ada = await stand.seat('ada');
      const connected = ada.client.connect({ signal: forever });
      connected.catch(() => undefined);
      await ada.watcher.next('refused');
      await leave(ada);
      const told = ada.watcher.events.length;
      await expect(connected).rejects.toThrow();
      await stand.startAgain();
      await stand.enter('bob');
      expect(ada.watcher.events.slice(told)).toEqual([]);
      await ada.gate.empty();
    });

    exercise(harness, {}, 'while it tries to come back, and stays away', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.enter('ada');
      await stand.stop();
      await ada.watcher.next('refused');
      await leave(ada);
      const told = ada.watcher.events.length;
      await stand.startAgain();
      await stand.enter('bob');
      expect(ada.watcher.events.slice(told)).toEqual([]);
      await ada.gate.empty();
    });

    exercise(
      harness,
      { facets: ['acknowledgements'], abilities: ['mute'] },
      'what it was still waiting for unsure',
      async () => {
        await using stand = await Stand.at(harness, { mute: true });
        const ada = await stand.enter('ada');
        const answer = ada.say(1);
        await stand.hasTaken(1);
        await leave(ada);
        expect(await answer).toMatchObject({ answer: 'unsure' });
      },
    );

    exercise(harness, {}, 'nothing to send through', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.enter('ada');
      await leave(ada);
      expect(await ada.say(1)).toMatchObject({ answer: 'unoffered' });
      await expect(ada.client.connect({ signal: forever })).rejects.toThrow();
      expect(stand.served.taken).toBe(0);
    });

    exercise(harness, {}, 'alone: another session stays', async () => {
      await using stand = await Stand.at(harness);
      const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
      await leave(ada);
      await bob.say(1);
      expect([stand.served.taken, bob.client.connected]).toEqual([1, true]);
      expect(bob.watcher.of('close')).toEqual([]);
    });
  });
}
