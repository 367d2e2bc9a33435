import { describe, expect, it } from 'vitest';
import { atMostOnce, exactlyOnce } from '../../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { right, unnoticed } from '../../stories.js';
import { changing, find, Story, under, without, type Told } from '../../story.js';
import { arrives, hears, loses, restarts, says, type Telling } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { restarted } from '../restarted.js';

const { signal, ready, settle } = right.at;
const id = 'resumed-honestly';

const isAbsentee = (event: Event) => 'session' in event && ['3', '8'].includes(event.session);
const stayed = without(unnoticed, isAbsentee);
/** What a session was given of what it had missed. */
const replayedTo = (session: string) =>
  right.events.filter(
    (event) =>
      event.kind === 'receive' && event.session === session && event.t > ready + 150 && event.t < ready + 156,
  );
const missing = (...gone: readonly (Event | undefined)[]) => without(right, (event) => gone.includes(event));
const claiming = (claims: (event: EventOf<'ready'>) => EventOf<'ready'>['claims'], told: Told = right) =>
  changing(told, (event) => (event.kind === 'ready' ? { ...event, claims: claims(event) } : event));
const uncursored = changing(right, (event) => {
  if (event.kind !== 'join') return event;
  const { cursor: _, ...join } = event;
  return join;
});

describe('resumed-honestly', () => {
  it('counts the messages that never arrived, and those who resumed as if nothing were missing', () => {
    const [one, two] = replayedTo('3');
    const [three] = replayedTo('8');
    expect(whole(missing(one, two, three), id)).toEqual({
      is: 'fail',
      says: 'sessions 3 and 8 resumed as if nothing were missing, and 3 messages never arrived',
      figures: { resumed: 8, falsely: 2 },
      shows:
        'ready@1656.04 s3, send@1120.65 s1 1.18, ack@1120.75 s1 1.18, receive@1911.08 s3 1.38, ready@1656.04 s8, send@1100.65 s6 6.18, ack@1100.75 s6 6.18, receive@1911.08 s8 6.38',
      blames: 'message 1.18, message 2.19, message 6.18',
    });
  });

  it('is unknown where it is not clear whether something was owed', () => {
    const [receipt] = replayedTo('3');
    const edge = under(missing(receipt), exactlyOnce({ replayWindow: { ms: ready + 155 - 1_100.2 } }));
    expect(whole(edge, id)).toEqual({
      is: 'unknown',
      says: 'session 3 resumed, and it is not clear whether something is missing',
      figures: { resumed: 8, falsely: 0 },
      shows: '',
      blames: 'message 1.18',
    });
  });

  it('is unknown of who hears nothing at all, and blames that session', () => {
    const deaf = without(
      right,
      (event) => event.kind === 'receive' && event.session === '3' && event.t > ready,
    );
    expect(whole(deaf, id)).toEqual({
      is: 'unknown',
      says: 'session 3 resumed, and it is not clear whether something is missing',
      figures: { resumed: 8, falsely: 0 },
      shows: '',
      blames: 'session 3',
    });
  });

  it('is unknown of a second restart after which nobody was told that it resumed', () => {
    const twice = new Story({ restarts: [{ downMs: 200 }, { downMs: 150 }], tells: true });
    const [, second] = twice.restarts;
    const after = (t: number) => t > (second?.signal ?? Infinity);
    const untold = claiming(({ t, claims }) => (after(t) ? 'fresh' : claims), twice);
    expect(whole(twice, id)).toMatchObject({ is: 'pass' });
    expect(whole(untold, id)).toMatchObject({
      is: 'unknown',
      says: 'No session was resumed after disruption 2 of 2: none was told so, and none said where it had stopped',
      blames: 'disruption 1',
    });
    expect(whole(under(untold, atMostOnce()), id)).toMatchObject({ is: 'pass' });
  });

  it('passes where those who begin anew were all away for longer than the replay window', () => {
    const fresh = claiming(() => 'fresh');
    const within = (ms: number) => whole(under(fresh, exactlyOnce({ replayWindow: { ms } })), id);
    expect(within(30)).toMatchObject({
      is: 'pass',
      says: '8 sessions came back and began anew: none was told that nothing is missing',
    });
    expect(within(60_000)).toMatchObject({
      is: 'unknown',
      says: 'No session was resumed: none was told so, and none said where it had stopped',
    });
  });

  it('lays nothing to a return that was missed before it, or after it', () => {
    const early = find(right, 'receive', ({ session, t }) => session === '3' && t < 1_000);
    const late = find(right, 'receive', ({ session, t }) => session === '3' && t > ready + 200);
    expect(whole(missing(early, late), id)).toEqual({
      is: 'pass',
      says: '8 sessions resumed, and nothing that they were owed is missing',
      figures: { resumed: 8, falsely: 0 },
      shows: '',
      blames: '',
    });
  });

  it('lays nothing to a return that was missed over another restart, after which it was told that it begins anew', () => {
    const back = (conn: number, claims: 'resumed' | 'fresh') =>
      arrives(conn * 400 + 400, '1', { conn }).map((event) =>
        event.kind === 'ready' ? { ...event, claims } : event,
      );
    const heard = [says(2_100, '9', 2, { purpose: 'canary' }), hears(2_101, '1', ['9', 2], { conn: 3 })];
    const twice = (missedAt: number) =>
      restarted(
        {},
        [arrives(90, '9'), arrives(100, '1'), loses(1_010, '1'), back(2, 'resumed')],
        restarts(1_400, 1_500, { disruption: 1 }),
        [loses(1_410, '1', 2), back(3, 'fresh'), says(missedAt, '9', 1), heard],
      );
    expect(whole(twice(1_450), id)).toMatchObject({ is: 'unknown', figures: { resumed: 1, falsely: 0 } });
    expect(whole(twice(1_050), id)).toMatchObject({ is: 'fail', figures: { resumed: 1, falsely: 1 } });
  });

  it('asks how long the absence over the restart was, and not another one', () => {
    const fresh = (t: number, conn: number) =>
      arrives(t, '1', { conn }).map((event) =>
        event.kind === 'ready' ? { ...event, claims: 'fresh' as const } : event,
      );
    const contract = { replayWindow: { ms: 200 } };
    const away = (from: number, to: number, conn: number) => [loses(from, '1', conn), fresh(to, conn + 1)];
    const told = (...events: readonly Telling[]) =>
      whole(restarted({ contract }, arrives(50, '1'), ...events), id).is;
    expect(told(away(1_010, 1_300, 1))).toBe('pass');
    expect(told(away(1_010, 1_200, 1))).toBe('unknown');
    expect(told(away(100, 600, 1), away(1_010, 1_200, 2))).toBe('unknown');
    expect(told(away(1_010, 1_200, 1), away(1_500, 2_000, 2))).toBe('unknown');
  });

  it('takes a fresh start for the truth where the window of one of its rooms was passed', () => {
    const rooms = ['r1', 'r2'];
    const fresh = arrives(1_200, '1', { conn: 2, rooms }).map((event) =>
      event.kind === 'ready' ? { ...event, claims: 'fresh' as const } : event,
    );
    const missed = [says(1_050, '9', 1), says(1_060, '9', 2), says(1_070, '9', 3)];
    const told = (messages: number) =>
      restarted(
        { contract: { replayWindow: { messages } } },
        ...[arrives(50, '1', { rooms }), arrives(51, '9'), loses(1_010, '1'), missed, fresh],
      );
    expect(whole(told(2), id).is).toBe('pass');
    expect(whole(told(3), id).is).toBe('unknown');
  });

  it('asks nothing of a disruption by which nobody lost the connection', () => {
    const calm = [
      restarts(1_400, 1_500, { disruption: 1 }).map((one) => ({ ...one, type: 'pause' })),
      [arrives(50, '1'), loses(1_010, '1'), arrives(1_200, '1', { conn: 2, cursor: '4' })],
    ];
    expect(whole(restarted({}, ...calm), id)).toMatchObject({ is: 'pass', figures: { resumed: 1 } });
  });

  it('counts who was told so, or sent a cursor and was told nothing else', () => {
    expect(
      whole(
        claiming(() => 'resumed', uncursored),
        id,
      ).figures,
    ).toEqual({ resumed: 8, falsely: 0 });
    expect(
      whole(
        claiming(({ session }) => (session === '3' ? 'fresh' : 'unstated')),
        id,
      ).figures,
    ).toEqual({ resumed: 7, falsely: 0 });
    expect(whole(uncursored, id)).toEqual({
      is: 'unknown',
      says: 'No session was resumed: none was told so, and none said where it had stopped',
      figures: { resumed: 0, falsely: 0 },
      shows: '',
      blames: '',
    });
  });

  it('passes where nobody lost the connection, and is unknown where the restart is not proved either', () => {
    expect(whole(stayed, id)).toEqual({
      is: 'pass',
      says: 'No session lost its connection, so none had to resume',
      figures: { resumed: 0, falsely: 0 },
      shows: '',
      blames: '',
    });
    const unproved = without(stayed, (event) => event.kind === 'disruption' && event.step === 'port-closed');
    const same = changing(unproved, (event) =>
      event.kind === 'disruption' ? { ...event, instance: 'boot-1' } : event,
    );
    expect(whole(same, id)).toEqual({
      is: 'unknown',
      says: 'No session lost its connection, and the restart is not proved',
      figures: { resumed: 0, falsely: 0 },
      shows: '',
      blames: '',
    });
  });

  it('takes a fresh start for the truth where all had one, and the contract lets messages be missed', () => {
    const fresh = claiming(() => 'fresh');
    expect(whole(under(fresh, atMostOnce()), id)).toEqual({
      is: 'pass',
      says: '8 sessions came back and began anew: none was told that nothing is missing',
      figures: { resumed: 0, falsely: 0 },
      shows: '',
      blames: '',
    });
    const mixed = claiming(({ session }) => (session === '1' ? 'unstated' : 'fresh'), uncursored);
    expect(whole(under(mixed, atMostOnce()), id).is).toBe('unknown');
    const one = without(
      under(fresh, atMostOnce()),
      (event) => event.kind === 'ready' && event.session === '1' && event.t > signal,
    );
    expect(whole(one, id).is).toBe('unknown');
    expect(settle).toBeGreaterThan(ready);
  });
});
