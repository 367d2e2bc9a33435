import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { explained, result } from '../result.js';
import { adding, changing, find, having, judge, lacking, resultOf, without, type Told } from '../story.js';
import { right } from '../stories.js';

const { ready } = right.at;

const recording = (fits: (event: EventOf<'record'>) => boolean, change: Partial<EventOf<'record'>>) =>
  changing(right, (event) => (event.kind === 'record' && fits(event) ? { ...event, ...change } : event));

describe.each([
  ['user-data', 'user', 'profile'],
  ['session-data', 'session', 'session'],
] as const)('%s', (id, of, name) => {
  const isAfter = (event: EventOf<'record'>) =>
    event.of === of && event.at === 'after' && event.session === '2';

  it('fails when a record changes, and names the fields', () => {
    const before = recording(({ session }) => session === '2', { fields: ['name:1', 'locale:2'] });
    const story = changing(before, (event) =>
      event.kind === 'record' && isAfter(event)
        ? { ...event, digest: 'x', fields: ['name:9', 'locale:2'] }
        : event,
    );
    const verdict = judge(story);
    expect(resultOf(verdict, id)).toMatchObject({
      outcome: 'fail',
      summary: `${name} of session 2 changed (name)`,
    });
    expect(having(verdict, 'fail')).toEqual([id]);
  });

  it('fails when a record is gone', () => {
    const found = result(recording(isAfter, { digest: null }), id);
    expect(found).toMatchObject({ outcome: 'fail', summary: `${name} of session 2 is gone` });
    expect(found.evidence).toHaveLength(2);
  });

  it('is unknown when a record changes by itself, and says what to do', () => {
    const restless = recording((event) => event.of === of && event.at === 'before' && event.reading === 2, {
      digest: 'x',
    });
    expect(result(restless, id)).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/pick fields of it that stay/),
    });
  });

  it('is unknown when it could not be read afterwards, and says why', () => {
    const story = changing(right, (event) => {
      if (event.kind !== 'record' || !isAfter(event)) return event;
      const { t, session } = event;
      return {
        t,
        session,
        kind: 'record-unread' as const,
        name,
        of,
        at: 'after' as const,
        reason: 'status 500',
      };
    });
    expect(result(story, id)).toMatchObject({
      outcome: 'unknown',
      summary: `${name} of session 2 could not be read after the restart (status 500)`,
    });
  });

  it('is unknown when nothing was read before', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'record'),
        id,
      ).outcome,
    ).toBe('unknown');
  });
});

describe('chat-log', () => {
  const storedAt = (index: number) =>
    find(right, 'stored', (event) => event.read === 'r1-after' && event.index === index);
  const replacing = (...changes: [EventOf<'stored'>, EventOf<'stored'>][]) =>
    changing(right, (event) => changes.find(([old]) => old === event)?.[1] ?? event);

  it('fails when an entry is missing, as a consequence of the vanished message', () => {
    const gone = storedAt(2);
    const story = changing(right, (event) => {
      if (event === gone) return [];
      return event.kind === 'read-end' && event.read === 'r1-after'
        ? { ...event, count: event.count - 1 }
        : event;
    });
    expect(explained(story, 'chat-log')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'log-kept',
      summary: expect.stringMatching(/in r1: 1 message missing$/),
    });
  });

  it('fails when two entries change places', () => {
    const [one, other] = [storedAt(2), storedAt(3)];
    const { message, digest, id, position, from } = other;
    const swap = (event: EventOf<'stored'>, by: Partial<EventOf<'stored'>>) => ({ ...event, ...by });
    const story = replacing(
      [one, swap(one, { message, digest, ...(id && position && from ? { id, position, from } : {}) })],
      [other, { ...one, index: 3, t: other.t }],
    );
    const verdict = judge(story);
    expect(resultOf(verdict, 'chat-log').summary).toMatch(/1 message in another order$/);
    expect(having(verdict, 'fail')).toEqual(['chat-log']);
  });

  it('fails when an entry has another id than before', () => {
    const stored = storedAt(2);
    expect(result(replacing([stored, { ...stored, id: 'fresh' }]), 'chat-log').summary).toContain(
      'under another id or number',
    );
  });

  it('fails when the paging shows an entry twice', () => {
    const stored = storedAt(2);
    const story = changing(right, (event) => {
      if (event === stored) return [stored, stored];
      return event.kind === 'read-end' && event.read === 'r1-after'
        ? { ...event, count: event.count + 1 }
        : event;
    });
    const verdict = judge(story);
    expect(resultOf(verdict, 'chat-log').summary).toContain('shown twice by the paging');
    expect(having(verdict, 'fail')).toEqual(['chat-log']);
  });

  it('compares texts that are not ours by their ids, or by what they say', () => {
    const foreign = (told: Told, fits: (event: EventOf<'stored'>) => boolean) =>
      changing(told, (event) => {
        if (event.kind !== 'stored' || !fits(event)) return event;
        const { id: _id, position: _position, ...stored } = event;
        return { ...stored, message: null, digest: 'welcome' };
      });
    const isFirst = ({ index }: EventOf<'stored'>) => index === 0;
    expect(result(foreign(right, isFirst), 'chat-log').outcome).toBe('pass');
    const gone = foreign(right, (event) => isFirst(event) && event.read === 'r1-before');
    expect(result(gone, 'chat-log').outcome).toBe('fail');
  });

  it('is unknown when a room is not read to the end afterwards, or nothing was stored before', () => {
    const story = without(right, (event) => event.kind === 'read-end' && event.read === 'r1-after');
    expect(result(story, 'chat-log')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/r1 was not read to the end/),
    });
    const nothing = without(right, (event) => event.kind === 'read' && event.at === 'before');
    expect(result(nothing, 'chat-log').outcome).toBe('unknown');
  });
});

describe('no-record-changed', () => {
  it('fails when a number is given to two messages', () => {
    const late = find(right, 'receive', ({ session, t }) => session === '2' && t > ready + 60);
    const story = changing(right, (event) =>
      (event.kind === 'receive' || event.kind === 'ack' || event.kind === 'stored') &&
      event.message === late.message
        ? { ...event, position: '1' }
        : event,
    );
    const found = result(story, 'no-record-changed');
    expect(found).toMatchObject({ outcome: 'fail', figures: { reused: 1 } });
    expect(found.summary).toBe('1 number or id given to two messages, in r1');
  });

  it('fails when a message is stored under another number than was told', () => {
    const { count } = find(right, 'read-end', ({ read }) => read === 'r1-before');
    const stored = find(right, 'stored', ({ read, index }) => read === 'r1-after' && index === count + 3);
    const story = changing(right, (event) => (event === stored ? { ...stored, position: '7000' } : event));
    const verdict = judge(story);
    expect(resultOf(verdict, 'no-record-changed').summary).toBe(
      '1 message stored under another number or id than was told, in r1',
    );
    expect(having(verdict, 'fail')).toEqual(['no-record-changed']);
  });

  it('fails when another record changes', () => {
    const story = recording(
      (event) => event.of === 'other' && event.at === 'after' && event.session === '2',
      { digest: 'x' },
    );
    expect(result(story, 'no-record-changed')).toMatchObject({
      outcome: 'fail',
      summary: 'settings of session 2 changed',
    });
    expect(result(lacking(story, 'other-records'), 'no-record-changed').outcome).toBe('pass');
  });

  it('is unknown when nothing was acknowledged', () => {
    const story = without(right, ({ kind }) => kind === 'ack');
    expect(result(story, 'no-record-changed').outcome).toBe('unknown');
  });

  it('lets vanished messages explain that their numbers are used again', () => {
    const forgotten = right.events.filter(
      (event) => event.kind === 'stored' && event.read === 'r1-after' && event.index < 5,
    );
    const lost = without(right, (event) => forgotten.includes(event));
    const story = changing(lost, (event) =>
      event.kind === 'read-end' && event.read === 'r1-after' ? { ...event, count: event.count - 5 } : event,
    );
    const late = find(right, 'receive', ({ session, t }) => session === '2' && t > ready + 60);
    const reused = adding(
      changing(story, (event) =>
        (event.kind === 'receive' || event.kind === 'ack' || event.kind === 'stored') &&
        event.message === late.message
          ? { ...event, position: '1' }
          : event,
      ),
    );
    const verdict = judge(reused);
    expect(resultOf(verdict, 'log-kept')).toMatchObject({ outcome: 'fail', figures: { vanished: 5 } });
    expect(resultOf(verdict, 'no-record-changed')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'log-kept',
    });
    expect(resultOf(verdict, 'chat-log')).toMatchObject({ outcome: 'fail', consequenceOf: 'log-kept' });
  });
});
