import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { Entry } from '../../../src/judge/facts/entry.js';
import type { Message } from '../../../src/judge/facts/message.js';
import { messages } from '../../../src/judge/facts/messages.js';
import { header, viewOf } from './view-of.js';

const run = 'abcd1234';
const idOf = (message: string) => (message.includes('x') ? message : `${run}.${message}`);
/** Of session 1 in r1, unless told. `1.7` is message 7 of session 1. */
const send = (message: string, t = 1, more: Partial<EventOf<'send'>> = {}): EventOf<'send'> => ({
  ...{ t, session: '1', kind: 'send', due: t, room: 'r1', message: idOf(message), digest: 'd' },
  ...more,
});
const written = (message: string, t = 1.1, session = '1'): EventOf<'written'> => ({
  ...{ t, session, kind: 'written', message: idOf(message), attempt: 1 },
});
const ack = (message: string, t = 1.2, session = '1'): EventOf<'ack'> => ({
  ...{ t, session, kind: 'ack', message: idOf(message) },
});
const no = (kind: 'nack' | 'unsure' | 'unoffered', message: string): Event => ({
  ...{ t: 1.2, session: '1', kind, message: idOf(message), reason: 'no' },
});
const receive = (message: string | null, session = '2', more: Partial<EventOf<'receive'>> = {}) => {
  const id = message === null ? null : idOf(message);
  const event: EventOf<'receive'> = {
    t: 1.3,
    session,
    kind: 'receive',
    room: 'r1',
    message: id,
    digest: 'd',
  };
  return { ...event, ...more };
};
/** What is listed, as it is made when it is asked for. */
const ledger = (...events: Event[]) => {
  const view = viewOf(messages, events, { ...header });
  const { repeats, inversions, strays, damaged, altered } = view;
  const lists = { repeats: [...repeats], inversions: [...inversions], strays: [...strays] };
  return { ...view, ...lists, damaged: [...damaged], altered: [...altered] };
};

describe('the ledger of messages', () => {
  it('has of each message what was said of it, in its order', () => {
    const said = [
      send('1.1'),
      written('1.1'),
      ack('1.1'),
      no('unsure', '1.1'),
      written('1.1', 5),
      ack('1.1', 6),
    ];
    const [message, ...others] = ledger(...said).messages.values();
    expect(others).toEqual([]);
    expect(message).toMatchObject({ id: `${run}.1.1`, sender: '1', number: 1, send: said[0] });
    expect(message?.attempts).toEqual([said[1], said[4]]);
    expect(message?.acks).toEqual([said[2], said[5]]);
    expect(message?.unanswered).toEqual([said[3]]);
  });

  it('has the refusals of each kind', () => {
    for (const kind of ['nack', 'unsure', 'unoffered'] as const) {
      expect(ledger(no(kind, '1.1')).messages.get(`${run}.1.1`)?.unanswered).toEqual([no(kind, '1.1')]);
    }
  });

  it('takes the first of two sends of one message', () => {
    const [message] = ledger(send('1.1', 1), send('1.1', 2)).messages.values();
    expect(message?.send?.t).toBe(1);
  });

  it('knows messages that nobody said would be sent, and one whose name is no number', () => {
    const { messages: known } = ledger(receive('1.9'), ack('x'), ack('1.07'), ack('other123.1.1'));
    expect([...known].map(([id, { sender, number, send: sent }]) => [id, sender, number, sent])).toEqual([
      [`${run}.1.9`, '1', 9, null],
      ['x', '', 0, null],
      [`${run}.1.07`, '1', 7, null],
      [`${run}.other123.1.1`, '', 0, null],
    ]);
  });

  it('has the first receipt of each reader', () => {
    const receipts = [receive('1.1'), receive('1.1', '3'), receive('1.1', '2', { t: 9 })];
    const view = ledger(send('1.1'), ...receipts);
    expect([...(view.messages.get(`${run}.1.1`)?.receipts.values() ?? [])]).toEqual(receipts.slice(0, 2));
    expect(view.repeats).toEqual([{ first: receipts[0], again: receipts[2] }]);
  });

  it('has a receipt that comes earlier in the file than its send', () => {
    const early = receive('1.1');
    const view = ledger(early, send('1.1'));
    expect(view.messages.get(`${run}.1.1`)?.receipts.get('2')).toBe(early);
    expect([view.altered, view.strays, view.repeats]).toEqual([[], [], []]);
  });

  it('tells what came behind', () => {
    const view = ledger(receive('1.2'), receive('1.1'));
    expect(view.inversions).toMatchObject([
      { reader: '2', by: 'number', earlier: { number: 1 }, later: { number: 2 } },
    ]);
    expect(ledger(receive('1.2', '2'), receive('1.1', '3')).inversions).toEqual([]);
  });
});

describe('a receipt', () => {
  it('is altered where its digest is not that of the send, repeats too, whichever is read first', () => {
    const other = receive('1.1', '2', { digest: 'e' });
    expect(ledger(send('1.1'), other, receive('1.1', '3')).altered).toEqual([other]);
    expect(ledger(other, send('1.1')).altered).toEqual([other]);
    expect(ledger(send('1.1'), receive('1.1'), other).altered).toEqual([other]);
    expect(ledger(other).altered).toEqual([]);
  });

  it('is a stray in another room than its message was sent to, whichever is read first', () => {
    const there = receive('1.1', '7', { room: 'r2' });
    expect(ledger(send('1.1'), there).strays).toEqual([there]);
    expect(ledger(there, send('1.1')).strays).toEqual([there]);
  });

  it('is a stray of who is not meant to be in the room, and is then no receipt', () => {
    const spied = receive('1.1', '7');
    const view = ledger(send('1.1'), spied);
    expect(view.strays).toEqual([spied]);
    expect(view.messages.get(`${run}.1.1`)?.receipts.size).toBe(0);
  });

  it('is none of a session that the plan does not know', () => {
    const view = ledger(send('1.1'), receive('1.1', 'unplanned'));
    expect(view.strays).toEqual([]);
    expect(view.messages.get(`${run}.1.1`)?.receipts.has('unplanned')).toBe(true);
  });

  it('is a stray where an auditor wrote it, and nothing where another auditor, or itself, reads that', () => {
    const leaked = receive('11.1', '2');
    expect(ledger(leaked).strays).toEqual([leaked]);
    const own = receive('11.1', '11');
    expect(ledger(own)).toMatchObject({ strays: [], repeats: [] });
    expect(ledger(own).totals().received).toBe(0);
  });

  it('is damaged, or foreign, where it has no identity of this run', () => {
    const damaged = receive(null, '2', { damaged: true });
    const view = ledger(damaged, receive(null), receive('other123.1.1xyz'), receive('x'));
    expect(view.damaged).toEqual([damaged]);
    expect(view.totals()).toMatchObject({ foreign: 3, received: 0 });
    expect(view.messages.size).toBe(0);
  });

  it('of another run is foreign, also where that message was spoken of as if it were ours', () => {
    const foreign = 'other123.1.1';
    const about = { t: 1, session: '1', message: foreign } as const;
    const view = ledger({ ...about, kind: 'ack' }, { ...receive(null), message: foreign });
    expect(view.totals()).toMatchObject({ foreign: 1, received: 0 });
  });
});

describe('what auditors say to each other', () => {
  it('is not in the ledger', () => {
    const view = ledger(
      send('11.1', 1, { session: '11', room: 'lobby' }),
      written('11.1', 2, '11'),
      ack('11.1', 3, '11'),
    );
    expect(view.messages.size).toBe(0);
    expect(view.totals().sent).toBe(0);
  });
});

describe('the totals of a ledger', () => {
  it('count what was sent by what became of it', () => {
    const { totals } = ledger(
      ...[send('1.1'), written('1.1'), ack('1.1')],
      ...[send('1.2'), written('1.2'), no('nack', '1.2')],
      ...[send('1.3'), written('1.3'), no('unsure', '1.3')],
      ...[send('1.4'), no('unoffered', '1.4')],
      ...[send('1.5'), written('1.5')],
      ...[send('1.7'), written('1.7')],
      ...[written('1.6'), ack('1.6'), no('nack', '1.6')],
    );
    expect(totals()).toEqual({
      ...{ sent: 6, unoffered: 1, acknowledged: 2, received: 0, refused: 1, unsure: 3, foreign: 0 },
    });
  });

  it('count no message that nobody sent: what was only received, or only answered', () => {
    const { totals } = ledger(receive('1.7'), ack('1.8'), no('nack', '1.9'));
    expect(totals()).toEqual({
      ...{ sent: 0, unoffered: 0, acknowledged: 0, received: 1, refused: 0, unsure: 0, foreign: 0 },
    });
  });

  it('count every receipt, repeats and strays among them', () => {
    const { totals } = ledger(
      send('1.1'),
      receive('1.1'),
      receive('1.1'),
      receive('1.1', '7'),
      receive('1.1', '3'),
    );
    expect(totals().received).toBe(4);
  });

  it('do not take what was only planned for unsure', () => {
    expect(ledger(send('1.1')).totals()).toMatchObject({ sent: 1, unsure: 0, refused: 0 });
  });
});

describe('a message that settled long ago', () => {
  const readers = ['2', '3', '4'];
  /** Sent, acknowledged and received by all; and another message so much later that the first leaves the ledger. */
  const settled = (message = '1.1') => [
    ...[send(message), written(message), ack(message)],
    ...readers.map((reader) => receive(message, reader)),
    send('1.2', 70_000),
  ];
  const id = `${run}.1.1`;

  it('is remembered by its number only, and counted still', () => {
    const view = ledger(...settled());
    expect([...view.messages.keys()]).toEqual([`${run}.1.2`]);
    expect(view.retired.count()).toBe(1);
    expect(view.totals()).toMatchObject({ sent: 2, acknowledged: 1, received: 3 });
  });

  it('is kept whole where a disruption was near', () => {
    const disruption: Event = {
      t: 60_001,
      kind: 'disruption',
      disruption: 0,
      type: 'restart',
      step: 'begin',
    };
    expect(ledger(disruption, ...settled()).messages.has(id)).toBe(true);
    expect(ledger({ ...disruption, t: 60_002 }, ...settled()).messages.has(id)).toBe(false);
  });

  it('is received again by those who had it, which is a repeat, and by others for the first time', () => {
    const again = receive('1.1', '3', { t: 71_000 });
    expect(ledger(...settled(), again).repeats).toEqual([{ first: null, again }]);
    const others = ['1', '5'].map((session) => receive('1.1', session, { t: 71_000 }));
    const view = ledger(...settled(), ...others);
    expect(view.repeats).toEqual([]);
    expect(view.messages.has(id)).toBe(false);
    expect(view.totals().received).toBe(5);
  });

  it('is told apart where it is sent again: of that only what came since is known', () => {
    const [attempt, promise] = [written('1.1', 71_000), ack('1.1', 71_001)];
    const view = ledger(...settled(), attempt, promise);
    expect(view.messages.has(id)).toBe(false);
    expect(view.revived.get(id)).toMatchObject({ attempts: [attempt], acks: [promise] });
    expect(view.totals()).toMatchObject({ sent: 2, acknowledged: 1 });
  });

  it('is still a stray in a room where it does not belong', () => {
    const spied = receive('1.1', '7', { t: 71_000 });
    expect(ledger(...settled(), spied).strays).toEqual([spied]);
  });

  it('is the same message under another way to write its number', () => {
    const other = `${run}.1.01`;
    const again = { ...receive('1.1', '3', { t: 71_000 }), message: other };
    const view = ledger(...settled(), again);
    expect(view.repeats).toEqual([{ first: null, again }]);
  });

  it('is known again where it is sent once more under its own name', () => {
    const view = ledger(
      ...settled(),
      send('1.1', 72_000),
      ack('1.1', 72_001),
      receive('1.1', '2', { t: 72_002 }),
    );
    expect(view.messages.get(id)?.send?.t).toBe(72_000);
    expect(view.messages.get(id)?.acks).toEqual([]);
    expect(view.revived.get(id)?.acks).toHaveLength(1);
    expect(view.repeats).toHaveLength(1);
  });
});

describe('what is told of a message is packed', () => {
  const isPacked = (message: Message | undefined) => {
    if (!(message instanceof Entry)) throw new Error('no such message in the ledger');
    return message.isPacked;
  };
  const packed = (...events: Event[]) => isPacked(ledger(...events).messages.get(`${run}.1.1`));
  const sends = (sender: string, amount: number, t: number) =>
    Array.from({ length: amount }, (_, index) => send(`${sender}.${index + 1}`, t));
  const heard = (amount: number) =>
    Array.from({ length: amount }, (_, index) => receive(`7.${index + 1}`, '2', { t: 80_001 }));
  /** When this is sent, all that came before it have had their time to settle. */
  const later = send('3.1', 70_000);

  it('where it did not settle in time, and so many others did not since', () => {
    expect(packed(send('1.1'), ...sends('8', 16_383, 2), later)).toBe(false);
    expect(packed(send('1.1'), ...sends('8', 16_384, 2), later)).toBe(true);
  });

  it('where nobody said that it would be sent, and so many others were heard of since', () => {
    expect(packed(receive('1.1'), ...heard(1_023))).toBe(false);
    expect(packed(receive('1.1'), ...heard(1_024))).toBe(true);
  });

  it('again where it was still heard of, and then so many others were', () => {
    const late = [send('1.1'), ...sends('8', 16_384, 2), later, ack('1.1', 80_000)];
    expect(packed(...late, ...heard(1_023))).toBe(false);
    expect(packed(...late, ...heard(1_024))).toBe(true);
  });

  it('not where it still may settle, however much is heard of others', () => {
    const others = sends('8', 1_100, 2).flatMap((one) => [
      one,
      { ...written('8.1', 2), message: one.message },
    ]);
    expect(packed(send('1.1'), written('1.1'), ...others)).toBe(false);
  });

  it('where it settled and shows that something came out of order, once so many others did not settle', () => {
    const inOrder = (message: string, t: number) => ['2', '3', '4'].map((to) => receive(message, to, { t }));
    const settled = [send('1.1'), ack('1.1'), send('1.2', 2), ack('1.2', 2.5)];
    const events = [...settled, ...inOrder('1.2', 3), ...inOrder('1.1', 4), later];
    const shown = (...more: Event[]) => [...ledger(...events, ...more).inversions].map((one) => one.earlier);
    expect(shown().map(isPacked)).toEqual([false, false, false]);
    const others = [...sends('8', 16_384, 70_001), send('3.2', 140_000)];
    expect(shown(...others).map(isPacked)).toEqual([true, true, true]);
  });
});

describe('a message that did not settle in time', () => {
  /** Of these, nothing settles: it is lost to somebody, altered, strayed, came twice or out of order, or was not promised. */
  const wrong: readonly Event[] = [
    ...[send('1.1'), written('1.1'), ack('1.1'), receive('1.1', '2', { position: '5', id: 'x' })],
    ...[send('1.2', 2), written('1.2', 2), no('unsure', '1.2'), written('1.2', 3), ack('1.2', 3.5)],
    ...[receive('1.2', '3', { t: 4, conn: 2, from: 'user 1' }), receive('1.2', '3', { t: 5, conn: 2 })],
    ...[receive('1.2', '2', { t: 6, digest: 'other' }), receive('1.2', '4', { t: 7, room: 'r2' })],
    ...[receive('1.1', '3', { t: 8 }), receive('1.1', '3', { t: 9, digest: 'other' })],
    ...[send('1.3', 10), no('unoffered', '1.3'), send('1.4', 11, { purpose: 'canary' }), no('nack', '1.4')],
    ...[receive('1.9', '2', { t: 12 }), receive('1.8', '2', { t: 13 }), written('2.1', 14, '2')],
  ];
  const shown = ({ messages: all, ...view }: ReturnType<typeof ledger>) => {
    const { repeats, inversions, strays, damaged, altered } = view;
    const told = [...all.values()].map(fieldsOf);
    const pairs = inversions.map(({ earlier, later, ...more }) => [earlier.id, later.id, more]);
    return { told, repeats, pairs, strays, damaged, altered };
  };
  const fieldsOf = ({ id, sender, number, send: its, attempts, acks, unanswered, receipts }: Message) => {
    const heard = { size: receipts.size, receipts: [...receipts], has: receipts.has('3') };
    return { id, sender, number, send: its, attempts, acks, unanswered, ...heard, second: receipts.get('2') };
  };
  /** So many others since then, and so late, that it is packed. */
  const others: Event[] = Array.from({ length: 1_030 }, (_, index) =>
    receive(`7.${index + 1}`, '2', { t: 20 }),
  );
  const unsettled: Event[] = Array.from({ length: 16_400 }, (_, index) => send(`8.${index + 1}`, 21));
  const later = [...others, ...unsettled, send('3.1', 70_000)];
  const among = (view: ReturnType<typeof ledger>) => {
    const { told, ...more } = shown(view);
    return { ...more, told: told.filter(({ sender }) => sender === '1' || sender === '2') };
  };

  it('is packed, and what is told of it is the same', () => {
    const view = ledger(...wrong, ...later);
    expect(among(view)).toEqual(among(ledger(...wrong)));
    expect(among(ledger(...wrong)).told).toHaveLength(7);
  });

  it('may still be heard of: what comes then is added', () => {
    const late = [
      ...[receive('1.1', '4', { t: 80_000 }), receive('1.2', '2', { t: 80_001 }), ack('1.3', 80_002)],
      ...[written('1.1', 80_003), no('unsure', '2.1'), receive('1.9', '3', { t: 80_004 }), send('1.9', 15)],
      ...[receive('1.8', '3', { t: 80_006 })],
    ];
    const expected = among(ledger(...wrong, ...late));
    expect(among(ledger(...wrong, ...later, ...late))).toEqual(expected);
    expect(
      among(ledger(...wrong, ...later, ...late, ...others.map((one) => ({ ...one, t: 90_000 })))).told,
    ).toEqual(expected.told);
  });

  it('is the same event for who asks twice', () => {
    const [message] = ledger(...wrong, ...later).messages.values();
    expect(message?.send).toBe(message?.send);
    expect(message?.acks[0]).toBe(message?.acks[0]);
    expect(message?.receipts.get('2')).toBe(message?.receipts.get('2'));
    const view = ledger(...wrong, ...later);
    const [first, ...more] = [...view.messages.values()].slice(0, 200);
    const before = first?.send;
    for (const { send: its } of more) expect(its).not.toBe(before);
    expect(first?.send).toBe(before);
  });

  it('counts as it did', () => {
    const totals = ledger(...wrong).totals();
    const packed = ledger(...wrong, ...later).totals();
    const [sent, received] = [unsettled.length + 1, others.length];
    expect(packed).toEqual({ ...totals, sent: totals.sent + sent, received: totals.received + received });
  });

  it('keeps what shows that it came out of order, also where it settles in the end', () => {
    const all = ['2', '3', '4'].flatMap((reader) => [
      receive('1.2', reader, { t: 3 }),
      receive('1.1', reader, { t: 4 }),
    ]);
    const settled = [send('1.1'), ack('1.1'), send('1.2', 2), ack('1.2', 2.5), ...all];
    const before = ledger(...settled);
    const after = ledger(...settled, send('3.1', 70_000));
    expect(after.retired.count()).toBe(2);
    expect(shown(after).pairs).toEqual(shown(before).pairs);
    expect(before.inversions).toHaveLength(3);
  });

  it('counts anew what is seen after it was counted', () => {
    const fold = messages.start(header);
    fold.see(send('1.1'));
    expect(fold.view.totals().sent).toBe(1);
    fold.see(send('1.2'));
    expect(fold.view.totals().sent).toBe(2);
  });
});
