import type { Client } from 'aedes';
import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../../src/contract/contracts.js';
import type { Event, Header } from '../../../../src/history/events.js';
import { judge, resultOf, Story } from '../../../judge/story.js';
import { messageOf, patient, run } from '../seats.js';
import { Broker } from './broker.js';
import { entered } from './opened.js';

/** One message from session 1 to session 2, who is handed it in these packets; the history of what both tell. */
async function handed(flags: readonly { readonly dup: boolean }[]) {
  // The broker forwards nothing by itself.
  await using broker = await Broker.start({ authorizeForward: () => null });
  const clients: Client[] = [];
  broker.aedes.on('client', (client) => clients.push(client));
  const speaker = await entered({ url: broker.url });
  await using _speaker = speaker.client;
  const reader = await entered({ url: broker.url }, { session: '2', user: 'bob' });
  await using _reader = reader.client;
  const outgoing = messageOf(1);
  const answer = await speaker.client.send(outgoing, patient());
  await expect.poll(() => broker.published).toHaveLength(1);
  const packet = broker.published[0];
  if (!packet) throw new Error('expected the broker to have a message');
  for (const [index, flag] of flags.entries())
    clients[1]?.conn.write(
      publishPacket(packet.topic, Buffer.from(packet.payload), { ...flag, id: index + 1 }),
    );
  await reader.watcher.next('receive', flags.length);
  const { message, room } = outgoing;
  const sent = [
    { kind: 'send', session: '1', message, room, due: 3, digest: 'digest' },
    { kind: 'written', session: '1', message, attempt: 1 },
    { kind: answer.answer, session: '1', message },
  ];
  const entering = (watcher: typeof speaker.watcher, session: string) =>
    watcher.events.filter(({ kind }) => kind !== 'receive').map((seen) => ({ ...seen, session }));
  const told = [
    ...[...entering(speaker.watcher, '1'), ...entering(reader.watcher, '2'), ...sent],
    ...reader.watcher.of('receive').map((seen) => ({ ...seen, digest: 'digest', session: '2' })),
    { kind: 'end', how: 'completed' },
  ];
  return { receipts: reader.watcher.of('receive').length, verdict: verdictOn(told) };
}

/** PUBLISH of QoS 1, as it is on the wire. */
function publishPacket(topic: string, payload: Buffer, { dup, id }: { dup: boolean; id: number }): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.concat([Buffer.from([0, name.length]), name, Buffer.from([0, id]), payload]);
  // The length is written in groups of seven bits.
  const length = [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([dup ? 0x3a : 0x32, ...length]), body]);
}

function verdictOn(told: readonly object[]) {
  const { header } = new Story({ contract: exactlyOnce({ order: 'none' }) });
  const sessions = ['1', '2'].map((session) => ({ session, role: 'chatter', rooms: ['lobby'] }) as const);
  const ours: Header = { ...header, run, plan: { ...header.plan, sessions } };
  return judge({ header: ours, events: told.map((event, t) => ({ t, ...event }) as Event) });
}

describe('a repeat', () => {
  it('is none where the broker only says that it may be one: the flag of the protocol proves nothing', async () => {
    const { receipts, verdict } = await handed([{ dup: true }]);
    expect(receipts).toBe(1);
    expect(resultOf(verdict, 'messages-duplicated')).toMatchObject({ figures: { receipts: 1, received: 0 } });
    expect(resultOf(verdict, 'messages-duplicated').outcome).not.toBe('fail');
  });

  it('is one where the same message comes twice and the broker does not say so', async () => {
    const { receipts, verdict } = await handed([{ dup: false }, { dup: false }]);
    expect(receipts).toBe(2);
    expect(resultOf(verdict, 'messages-duplicated')).toMatchObject({
      ...{ outcome: 'fail', figures: { receipts: 2, received: 1 } },
    });
  });
});
