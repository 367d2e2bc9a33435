import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { exercise } from '../exercise.js';
import type { Harness } from '../harness.js';
import { forever, type Session, Stand } from '../stand.js';

/** Says that it was lost and comes back by itself: as told by a session that had entered once. */
async function returned(session: Session): Promise<void> {
  const { watcher } = session;
  await watcher.next('ready', 2);
  const close = watcher.kinds.indexOf('close');
  const again = watcher.events.findIndex((seen, at) => at > close && seen.kind === 'connect');
  expect(close).toBeGreaterThan(0);
  expect(again).toBeGreaterThan(close);
  const last = watcher.of('connect').at(-1)?.conn;
  expect(watcher.of('close')[0]).toMatchObject({ conn: 1 });
  expect(watcher.of('ready')[1]).toMatchObject({ conn: last });
  expect(last).toBe(watcher.of('connect').length);
  expect(session.client.connected).toBe(true);
}

/** Is it a member as before? */
async function chats(speaker: Session, reader: Session, number: number): Promise<void> {
  await speaker.say(number);
  const { message } = speaker.message(number);
  await reader.watcher.until(() => reader.watcher.of('receive').some((one) => one.message === message));
}

/** Also where no connection is held: a conversation of questions is lost with the first one that has no answer. */
export function comesBack(harness: Harness): void {
  describe('comes back', () => {
    exercise(harness, { abilities: ['drop'] }, 'when the server ends its connection', async () => {
      await using stand = await Stand.at(harness);
      const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
      await stand.served.drop('ada');
      await returned(ada);
      expect(ada.watcher.of('close')[0]?.by).not.toBe('session');
      await chats(ada, bob, 1);
      await chats(bob, ada, 1);
    });

    exercise(harness, {}, 'when its network was taken away, and tells no goodbye', async () => {
      await using stand = await Stand.at(harness);
      const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
      ada.gate.cut();
      expect(['network', 'unknown']).toContain((await ada.watcher.next('close')).by);
      expect(ada.client.connected).toBe(false);
      ada.gate.restore();
      await returned(ada);
      await chats(ada, bob, 1);
      await chats(bob, ada, 1);
      expect(bob.watcher.of('close')).toEqual([]);
    });

    exercise(harness, {}, 'when the server was away and is there again', async () => {
      await using stand = await Stand.at(harness);
      const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
      await stand.stop();
      await ada.watcher.next('close');
      await ada.watcher.next('refused');
      await stand.startAgain();
      await Promise.all([returned(ada), returned(bob)]);
      await chats(ada, bob, 1);
    });

    exercise(harness, {}, 'and is served again after an outage', async () => {
      await using stand = await Stand.at(harness);
      const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
      await stand.stop();
      await stand.startAgain();
      for (let number = 1; bob.watcher.of('receive').length === 0; number++) {
        const call = { signal: AbortSignal.timeout(200), written: () => undefined };
        await ada.client.send(ada.message(number), call);
        await sleep(10);
      }
    });

    exercise(
      harness,
      { facets: ['tokens'] },
      'with credentials that it asks for at every attempt',
      async () => {
        await using stand = await Stand.at(harness);
        const ada = await stand.enter('ada');
        ada.gate.cut();
        await ada.watcher.next('refused', 2);
        ada.gate.restore();
        await returned(ada);
        expect(ada.given.length).toBeGreaterThanOrEqual(ada.watcher.of('connect').length);
      },
    );

    exercise(
      harness,
      { facets: ['acknowledgements'], abilities: ['mute'] },
      'and does not know what became of a message whose answer was lost',
      async () => {
        await using stand = await Stand.at(harness, { mute: true });
        const ada = await stand.enter('ada');
        const off = new AbortController();
        const answer = ada.client.send(ada.message(1), { signal: off.signal, written: () => undefined });
        await stand.hasTaken(1);
        ada.gate.cut();
        await ada.watcher.next('close');
        // A library that sends again by itself goes on until it is called off.
        if (stand.kind.resends === 'library') off.abort();
        expect(await answer).toMatchObject({ answer: 'unsure' });
      },
    );

    exercise(
      harness,
      { facets: ['resume', 'acknowledgements'] },
      'and asks for what it has missed',
      async () => {
        await using stand = await Stand.at(harness);
        const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
        await chats(bob, ada, 1);
        ada.gate.cut();
        await ada.watcher.next('close');
        for (const number of [2, 3]) expect(await bob.say(number)).toMatchObject({ answer: 'ack' });
        ada.gate.restore();
        await returned(ada);
        for (const number of [2, 3]) {
          const { message } = bob.message(number);
          await ada.watcher.until(() => ada.watcher.of('receive').some((one) => one.message === message));
        }
      },
    );

    exercise(harness, {}, 'alone: another session does not notice', async () => {
      await using stand = await Stand.at(harness);
      const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
      ada.gate.cut();
      await ada.watcher.next('close');
      await bob.client.send(bob.message(1), { signal: forever, written: () => undefined });
      expect(bob.client.connected).toBe(true);
      expect([...bob.watcher.of('close'), ...bob.watcher.of('refused')]).toEqual([]);
      expect([bob.watcher.of('connect').length, bob.given.length]).toEqual([1, 1]);
    });
  });
}
