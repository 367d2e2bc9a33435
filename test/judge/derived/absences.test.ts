import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import {
  absenceOver,
  absencesOf,
  hadSurelyGone,
  isReplayOwed,
  type Absence,
} from '../../../src/judge/derived/absences.js';
import { connections } from '../../../src/judge/facts/connections.js';
import { messages } from '../../../src/judge/facts/messages.js';
import type { Contract } from '../../../src/contract/data.js';
import { arrives, hears, idOf, loses, says, telling, type Telling } from './telling.js';

const here = arrives(10, '1');
const away = (...events: readonly Telling[]): readonly Absence[] => {
  const line = telling({}, here, ...events)
    .facts(connections)
    .get('1');
  return line ? absencesOf(line, 'r1') : [];
};
const bounds = (...events: readonly Telling[]) =>
  away(...events).map((one) => [...[one.beganAtLeast, one.beganAtMost, one.endedAtLeast, one.endedAtMost]]);

describe('the absence of a reader', () => {
  it('began between its last proof of life and the loss, and ended between its first attempt and the room', () => {
    const back = arrives(230, '1', { conn: 2 });
    expect(bounds(loses(105, '1'), back)).toEqual([[13, 105, 230, 232]]);
    const heard = hears(90, '1', ['2', 1]);
    expect(bounds(heard, loses(105, '1'), back)).toEqual([[90, 105, 230, 232]]);
    const tried: Event = { t: 150, session: '1', conn: 2, kind: 'connect', door: 'ws' };
    expect(bounds(loses(105, '1'), tried, back)).toEqual([[13, 105, 150, 232]]);
    expect(bounds(loses(105, '1'), { ...tried, t: 105 }, back)).toEqual([[13, 105, 105, 232]]);
  });

  it('ended when it was ready, where no room is told, or with no attempt that is told', () => {
    const back = arrives(230, '1', { conn: 2, rooms: ['r2'] });
    expect(bounds(loses(105, '1'), back)).toEqual([[13, 105, 230, 233]]);
    const ready: Event = { t: 233, session: '1', conn: 2, kind: 'ready', claims: 'unstated' };
    expect(bounds(loses(105, '1'), ready)).toEqual([[13, 105, 233, 233]]);
  });

  it('never ended where it did not come back, and is none where it left itself', () => {
    expect(bounds(loses(105, '1'))).toEqual([[13, 105, Infinity, Infinity]]);
    expect(bounds(loses(105, '1', 1, 'session'))).toEqual([]);
    expect(bounds(loses(105, '1', 1, 'session'), arrives(230, '1', { conn: 2 }))).toEqual([
      [13, 105, 230, 232],
    ]);
    expect(bounds()).toEqual([]);
  });

  it('began with the cut, where that came before the loss was noticed', () => {
    const cut = (t: number): Event => ({ t, session: '1', kind: 'cut' });
    const back = arrives(230, '1', { conn: 2 });
    expect(bounds(cut(50), loses(105, '1', 1, 'network'), back)[0]?.slice(0, 2)).toEqual([13, 50]);
    expect(bounds(cut(110), loses(105, '1', 1, 'network'), back)[0]?.slice(0, 2)).toEqual([13, 105]);
    expect(bounds(cut(50))).toEqual([[13, 50, Infinity, Infinity]]);
    expect(bounds(cut(13))).toEqual([[13, 13, Infinity, Infinity]]);
    // One that was over before it was ever ready, or came after its return, is none of this absence.
    expect(bounds(cut(12))).toEqual([]);
    expect(bounds(loses(105, '1'), back, cut(233))[0]?.slice(0, 2)).toEqual([13, 105]);
    expect(bounds(back, cut(233)).map((one) => one[1])).toEqual([233, 233]);
    expect(bounds(back, cut(234)).map((one) => one[1])).toEqual([234]);
  });

  it('began at the latest with the loss, whatever was still heard on that connection', () => {
    const late = hears(120, '1', ['2', 1]);
    expect(bounds(loses(105, '1'), late)[0]?.slice(0, 2)).toEqual([105, 105]);
  });

  it('is one after each connection that was ready', () => {
    const tried: readonly Event[] = [
      { t: 150, session: '1', conn: 2, kind: 'connect', door: 'ws' },
      { t: 151, session: '1', conn: 2, kind: 'open' },
      loses(160, '1', 2),
    ];
    const found = bounds(
      ...[loses(105, '1'), tried, arrives(230, '1', { conn: 3 }), loses(300, '1', 3)],
      arrives(400, '1', { conn: 4 }),
    );
    expect(found).toEqual([
      [13, 105, 150, 232],
      [233, 300, 400, 402],
    ]);
  });
});

/** It was there until at least 100 and at most 110, and again from at least 200 and at most 220. */
const absence: Absence = {
  ...{ surelyThereAt: 90, beganAtLeast: 100 },
  ...{ beganAtMost: 110, endedAtLeast: 200, endedAtMost: 220 },
};
const messageOf = (...events: readonly Telling[]) => {
  const message = telling({}, ...events)
    .facts(messages)
    .messages.get(idOf('2', 1));
  if (!message) throw new Error('nothing was said');
  return message;
};

describe('a message that passes by while a reader is away', () => {
  const isMissed = (sentAt: number, ackAt: number | null) =>
    absenceOver([absence], messageOf(says(sentAt, '2', 1, { ackAt }))) !== null;

  it('was acknowledged since the reader may have gone, and sent before it was surely back', () => {
    expect(isMissed(90, 99)).toBe(false);
    expect(isMissed(90, 100)).toBe(true);
    expect(isMissed(219, 300)).toBe(true);
    expect(isMissed(220, 300)).toBe(false);
    expect(isMissed(50, null)).toBe(true);
  });

  it('falls into the first of several', () => {
    const later = { ...absence, beganAtLeast: 150 };
    expect(absenceOver([absence, later], messageOf(says(160, '2', 1)))).toBe(absence);
    expect(absenceOver([], messageOf(says(160, '2', 1)))).toBeNull();
  });

  it('was promised when the reader had surely gone, from when its loss was noticed', () => {
    const hadGone = (ackAt: number | null) => hadSurelyGone(absence, messageOf(says(90, '2', 1, { ackAt })));
    expect([109, 110, null].map(hadGone)).toEqual([false, true, true]);
  });
});

describe('the replay of what was missed', () => {
  const owed = (replayWindow: Contract['replayWindow'], ...events: readonly Telling[]) =>
    isReplayOwed(telling({ contract: { replayWindow } }, ...events), absence, 'r1');

  it('is owed without a limit, whatever was missed', () => {
    expect(owed({})).toBe('yes');
    expect(owed({}, says(150, '2', 1))).toBe('yes');
  });

  it('is owed where the longest that it was away lies within the window, and not where the shortest lies above', () => {
    expect(owed({ ms: 120 })).toBe('yes');
    expect(owed({ ms: 119 })).toBe('unclear');
    expect(owed({ ms: 90 })).toBe('unclear');
    expect(owed({ ms: 89 })).toBe('no');
  });

  const three = [says(150, '2', 1), says(160, '2', 2), says(170, '2', 3)];

  it('is owed of so many messages of the room as the window holds', () => {
    expect(owed({ messages: 3 }, three)).toBe('yes');
    expect(owed({ messages: 2 }, three)).toBe('no');
    expect(owed({ messages: 2 }, three.slice(1), says(170, '2', 4, { room: 'r2' }))).toBe('yes');
    expect(owed({ messages: 2, ms: 100 }, three.slice(1))).toBe('unclear');
    expect(owed({ messages: 2, ms: 200 }, three)).toBe('no');
    expect(owed({ messages: 3, ms: 89 }, three)).toBe('no');
  });

  it('counts what surely passed in the absence, and what may have', () => {
    const among = (sentAt: number, ackAt: number | null) =>
      owed({ messages: 0 }, says(sentAt, '2', 1, { ackAt }));
    expect(among(110, 200)).toBe('no');
    expect(among(109, 200)).toBe('unclear');
    expect(among(110, 201)).toBe('unclear');
    expect(among(90, 100)).toBe('unclear');
    expect(among(90, 99)).toBe('yes');
    expect(among(220, 230)).toBe('unclear');
    expect(among(221, 230)).toBe('yes');
    expect(among(150, null)).toBe('unclear');
  });

  it('counts none for which there was no connection: it never came so far that it could be missed', () => {
    const message = idOf('2', 1);
    const unoffered: Event = { t: 151, session: '2', kind: 'unoffered', message, reason: 'no connection' };
    const [send = [], written = []] = says(150, '2', 1, { ackAt: null });
    expect(owed({ messages: 0 }, send, unoffered)).toBe('yes');
    expect(owed({ messages: 0 }, send)).toBe('unclear');
    expect(owed({ messages: 0 }, send, unoffered, written)).toBe('unclear');
  });

  it('counts none that was refused, and none whose room nobody told', () => {
    const [send, written] = says(150, '2', 1, { ackAt: null });
    const nack: Event = { t: 151, session: '2', kind: 'nack', message: idOf('2', 1), reason: 'full' };
    expect(owed({ messages: 0 }, send ?? [], written ?? [], nack)).toBe('yes');
    expect(owed({ messages: 0 }, says(150, '2', 1).slice(1))).toBe('yes');
  });
});
