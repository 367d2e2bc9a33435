import { describe, expect } from 'vitest';
import type { Answer } from '../../../../src/observe/client/index.js';
import { exercise } from '../exercise.js';
import type { Harness } from '../harness.js';
import { digest, forever, Stand } from '../stand.js';

export function sends(harness: Harness): void {
  describe('sends', () => {
    exercise(
      harness,
      { facets: ['acknowledgements'] },
      'a message that is acknowledged and reaches the other member as it was',
      async () => {
        await using stand = await Stand.at(harness);
        const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
        const { message, text } = ada.message(1);
        expect(await ada.say(1)).toMatchObject({ answer: 'ack' });
        const received = await bob.watcher.next('receive');
        expect(received).toMatchObject({ room: 'lobby', message, digest: digest(text), conn: 1 });
        expect(stand.served.taken).toBe(1);
      },
    );

    exercise(
      harness,
      { facets: ['acknowledgements', 'positions'] },
      'a message whose position its acknowledgement and its receipts agree on',
      async () => {
        await using stand = await Stand.at(harness);
        const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
        const answer = await ada.say(1);
        const { position } = await bob.watcher.next('receive');
        expect(position).toEqual(expect.any(String));
        expect(answer).toMatchObject({ position });
      },
    );

    exercise(
      harness,
      { facets: ['acknowledgements'] },
      'many at once, and gives each its own answer',
      async () => {
        await using stand = await Stand.at(harness);
        const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
        const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
        const answers = await Promise.all(numbers.map((number) => ada.say(number)));
        expect(answers.map(({ answer }) => answer)).toEqual(numbers.map(() => 'ack'));
        const sent = numbers.map((number) => ada.message(number).message);
        const fromAda = () =>
          bob.watcher.of('receive').filter(({ message }) => message !== null && sent.includes(message));
        await bob.watcher.until(() => fromAda().length >= sent.length);
        expect(fromAda().map(({ message }) => message)).toEqual(sent);
      },
    );

    exercise(
      harness,
      {},
      'texts of other alphabets, of several lines and of some length, unchanged',
      async () => {
        await using stand = await Stand.at(harness);
        const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
        const words = ['größer ≠ 大 👩‍👩‍👧', 'one\ntwo\t"three" \\ four', 'x'.repeat(2_000), '<b>&amp;</b> %20'];
        for (const [index, said] of words.entries()) {
          await ada.say(index + 1, said);
          const { message, text } = ada.message(index + 1, said);
          const heard = () => bob.watcher.of('receive').find((receipt) => receipt.message === message);
          await bob.watcher.until(() => heard() !== undefined);
          expect(heard()).toMatchObject({ digest: digest(text) });
        }
      },
    );

    exercise(harness, {}, 'nothing before it has said `written`', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.enter('ada');
      const takenBefore: number[] = [];
      const written = () => void takenBefore.push(stand.served.taken);
      await ada.client.send(ada.message(1), { signal: forever, written });
      expect(takenBefore).toEqual([0]);
    });

    exercise(
      harness,
      {},
      'with the connection that its bytes are written to, where there is one',
      async () => {
        await using stand = await Stand.at(harness);
        const ada = await stand.enter('ada');
        const connections: unknown[] = [];
        const call = { signal: forever, written: (conn?: number) => void connections.push(conn) };
        await ada.client.send(ada.message(1), call);
        ada.gate.cut();
        await ada.watcher.next('close');
        ada.gate.restore();
        const { conn } = await ada.watcher.next('ready', 2);
        await ada.client.send(ada.message(2), call);
        expect(conn).toBeGreaterThan(1);
        expect(connections).toEqual(harness.pipelines ? [1, conn] : [undefined, undefined]);
      },
    );

    exercise(
      harness,
      { abilities: ['mute'], facets: ['acknowledgements'] },
      'a message that nobody answers, and is unsure of it when it is called off',
      async () => {
        await using stand = await Stand.at(harness, { mute: true });
        const ada = await stand.enter('ada');
        const off = new AbortController();
        const answer = ada.client.send(ada.message(1), { signal: off.signal, written: () => undefined });
        await stand.hasTaken(1);
        off.abort();
        expect(await answer).toMatchObject({ answer: 'unsure', reason: expect.any(String) });
        expect(ada.client.connected).toBe(true);
      },
    );

    exercise(harness, {}, 'nothing that was called off before, and answers all the same', async () => {
      await using stand = await Stand.at(harness);
      const ada = await stand.enter('ada');
      let written = 0;
      const call = { signal: AbortSignal.abort(), written: () => void (written += 1) };
      const { answer } = await ada.client.send(ada.message(1), call);
      expect(['unoffered', 'unsure']).toContain(answer);
      if (answer === 'unoffered') expect(written).toBe(0);
    });

    exercise(
      harness,
      { offlineSend: 'refused' },
      'nothing without a connection, and says that it did not',
      async () => {
        await using stand = await Stand.at(harness);
        const ada = await stand.seat('ada');
        let written = 0;
        const call = { signal: forever, written: () => void (written += 1) };
        expect(await ada.client.send(ada.message(1), call)).toMatchObject({ answer: 'unoffered' });
        expect([written, stand.served.taken]).toEqual([0, 0]);
      },
    );

    exercise(
      harness,
      { offlineSend: 'buffered', facets: ['acknowledgements'] },
      'what it was handed without a connection as soon as it has one',
      async () => {
        await using stand = await Stand.at(harness);
        const [ada, bob] = [await stand.enter('ada'), await stand.enter('bob')];
        ada.gate.cut();
        await ada.watcher.next('close');
        const answer: Promise<Answer> = ada.say(1);
        ada.gate.restore();
        expect(await answer).toMatchObject({ answer: 'ack' });
        expect(await bob.watcher.next('receive')).toMatchObject({ message: ada.message(1).message });
      },
    );
  });
}
