import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { exercise } from '../exercise.js';
import type { Harness } from '../harness.js';
import { type Session, Stand } from '../stand.js';

/** Says a message until it is answered for: a connection that broke may come back first. */
async function isServed(session: Session): Promise<void> {
  for (let number = 1; ; number++) {
    const call = { signal: AbortSignal.timeout(500), written: () => undefined };
    const { answer } = await session.client.send(session.message(number), call);
    if (answer === 'ack') return;
    await sleep(10);
  }
}

export function standsFirm(harness: Harness): void {
  describe('stands firm', () => {
    exercise(
      harness,
      { abilities: ['repeat'] },
      'and filters nothing: what is delivered twice is told twice',
      async () => {
        await using stand = await Stand.at(harness, { repeat: true });
        const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
        await ada.say(1);
        await bob.watcher.next('receive', 2);
        const { message } = ada.message(1);
        expect(bob.watcher.of('receive').map((receipt) => receipt.message)).toEqual([message, message]);
      },
    );

    const nonsense = { garbage: 'what is not of its protocol', flood: 'a frame of 4 MB' } as const;
    for (const ability of ['garbage', 'flood'] as const) {
      exercise(
        harness,
        { abilities: [ability], facets: ['acknowledgements'] },
        `when the server says ${nonsense[ability]}: events, and no exception`,
        async () => {
          await using stand = await Stand.at(harness, { [ability]: true });
          const ada = await stand.enter('ada');
          await isServed(ada);
          // What a library kept while it was away may be answered before the session is in its rooms.
          await ada.watcher.until(() => ada.client.connected);
        },
      );
    }
  });
}
