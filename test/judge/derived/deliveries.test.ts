import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { deliveriesOf } from '../../../src/judge/derived/deliveries.js';
import { arrives, hears, loses, restarts, says, telling, type Setting, type Telling } from './telling.js';

const sender = arrives(1, '9');
const reader = arrives(10, '1');
const canary = (t: number, number = 99) => says(t, '9', number, { purpose: 'canary' });
const canaryHeard = (t: number, conn = 1) => hears(t, '1', ['9', 99], { conn });

function owedIn(setting: Setting, ...events: readonly Telling[]) {
  const { messages, owed, misses } = deliveriesOf(telling(setting, sender, reader, ...events));
  const missed = misses
    .filter(({ message }) => message.number !== 99)
    .map(({ message, reader: who, room, is }) => [message.number, who, room, is]);
  return { messages, owed, missed };
}

describe('an acknowledged message', () => {
  it('is owed to whoever was in its room, and to nobody else', () => {
    const others = [arrives(11, '2', { rooms: ['r2'] }), arrives(12, '3')];
    const heard = [hears(105, '1', ['9', 1]), hears(105, '3', ['9', 1])];
    expect(owedIn({}, others, says(100, '9', 1), heard)).toEqual({ messages: 1, owed: 2, missed: [] });
    expect(owedIn({}, says(100, '9', 1, { room: 'r9' }))).toEqual({ messages: 0, owed: 0, missed: [] });
  });

  it('is not owed to its sender, nor to who came or left while it was said', () => {
    expect(owedIn({}, says(12, '9', 1))).toEqual({ messages: 0, owed: 0, missed: [] });
    expect(owedIn({}, says(13, '9', 1)).owed).toBe(1);
    const leaves = (t: number): Event => ({ t, session: '1', conn: 1, kind: 'leave', room: 'r1' });
    const rejoined: Event = { t: 60, session: '1', conn: 1, kind: 'joined', room: 'r1' };
    expect(owedIn({}, leaves(50), rejoined, says(100, '9', 1)).owed).toBe(1);
    expect(owedIn({}, leaves(101), says(100, '9', 1, { ackAt: 101 })).owed).toBe(0);
    expect(owedIn({}, leaves(102), says(100, '9', 1, { ackAt: 101 })).owed).toBe(1);
  });

  it('is owed to residents alone', () => {
    const sessions = (['chatter', 'newcomer', 'auditor'] as const).map((role, index) => ({
      ...{ session: String(index + 1), role, rooms: ['r1'] },
    }));
    const all = [arrives(11, '2'), arrives(12, '3')];
    expect(owedIn({ sessions }, all, says(100, '9', 1)).missed).toEqual([[1, '1', 'r1', 'unproven']]);
  });

  it('is owed nothing that was not promised, or not announced', () => {
    expect(owedIn({}, says(100, '9', 1, { ackAt: null })).owed).toBe(0);
    expect(owedIn({}, says(100, '9', 1).slice(1)).owed).toBe(0);
  });

  it('is lost where its reader received a canary in that room after the promise', () => {
    const proved = [canary(300), canaryHeard(310)];
    expect(owedIn({}, says(100, '9', 1), proved).missed).toEqual([[1, '1', 'r1', 'lost']]);
    expect(owedIn({}, says(310, '9', 1, { ackAt: 310 }), proved).missed).toEqual([
      [1, '1', 'r1', 'unproven'],
    ]);
    expect(owedIn({}, says(100, '9', 1), canary(300)).missed).toEqual([[1, '1', 'r1', 'unproven']]);
    const elsewhere = [says(300, '9', 99, { purpose: 'canary', room: 'r2' }), canaryHeard(310)];
    expect(owedIn({}, says(100, '9', 1), elsewhere).missed).toEqual([[1, '1', 'r1', 'unproven']]);
    const chat = [says(300, '9', 98), hears(310, '1', ['9', 98])];
    expect(owedIn({}, says(100, '9', 1), chat).missed).toEqual([[1, '1', 'r1', 'unproven']]);
  });

  it('is not shown to be lost by a canary of the reader itself', () => {
    const own = [says(300, '1', 99, { purpose: 'canary' }), hears(310, '1', ['1', 99])];
    const [found] = deliveriesOf(telling({}, sender, reader, says(100, '9', 1), own)).misses;
    expect(found).toMatchObject({ is: 'unproven', canary: null });
  });

  it('names the first canary after the promise', () => {
    const heard = [canary(200), canaryHeard(210), says(300, '9', 98, { purpose: 'canary' })];
    const context = telling({}, sender, reader, says(250, '9', 1), heard, hears(310, '1', ['9', 98]));
    const miss = deliveriesOf(context).misses.find(({ message }) => message.number === 1);
    expect(miss?.canary?.t).toBe(310);
  });
});

describe('a message that passed by while its reader was away', () => {
  const away = [loses(105, '1'), arrives(230, '1', { conn: 2 }), canary(300), canaryHeard(310, 2)];
  const window = (ms: number): Setting => ({ contract: { replayWindow: { ms } } });

  it('is lost where a replay was owed, and excused where it surely was not', () => {
    expect(owedIn(window(1_000), away, says(150, '9', 1)).missed).toEqual([[1, '1', 'r1', 'lost']]);
    expect(owedIn(window(10), away, says(150, '9', 1))).toEqual({ messages: 1, owed: 1, missed: [] });
    expect(owedIn({}, away, says(150, '9', 1))).toMatchObject({ messages: 2, owed: 2 });
  });

  it('may be owed, where the limit of the window lies between the bounds of the absence', () => {
    expect(owedIn(window(130), away, says(150, '9', 1)).missed).toEqual([[1, '1', 'r1', 'unclear']]);
  });

  it('may be owed in spite of the window where the reader was perhaps still there', () => {
    const early = says(100, '9', 1, { ackAt: 104 });
    expect(owedIn(window(10), away, early).missed).toEqual([[1, '1', 'r1', 'unclear']]);
    expect(owedIn(window(10), away, says(100, '9', 1, { ackAt: 105 })).missed).toEqual([]);
  });

  it('is perhaps not owed where what was read later had perhaps been said before the target ended', () => {
    const before = (sentAt: number) => [says(sentAt, '9', 2), hears(104, '1', ['9', 2])];
    const missed = (ms: number, ...events: Telling[]) =>
      owedIn(window(ms), away, says(90, '9', 1, { ackAt: 95 }), ...events).missed;
    expect(missed(10, before(95))).toEqual([[1, '1', 'r1', 'unclear']]);
    expect(missed(10, before(96))).toEqual([[1, '1', 'r1', 'lost']]);
    expect(missed(500, before(95))).toEqual([[1, '1', 'r1', 'lost']]);
  });

  it('tells of an absence that was over before anything was disrupted', () => {
    const missOf = (...events: readonly Telling[]) =>
      deliveriesOf(telling({}, sender, reader, away, says(150, '9', 1), ...events)).misses[0];
    expect(missOf()).toMatchObject({ withoutRestart: true, absence: { beganAtMost: 105 } });
    expect(missOf(restarts(232, 300))?.withoutRestart).toBe(false);
    expect(missOf(restarts(233, 300))?.withoutRestart).toBe(true);
    const there = deliveriesOf(telling({}, sender, reader, says(50, '9', 1))).misses[0];
    expect(there).toMatchObject({ withoutRestart: false, absence: null });
  });
});
