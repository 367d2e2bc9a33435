import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event } from '../../../src/history/events.js';
import { withPlaceTold } from '../../../src/judge/facts/place-told.js';
import { result } from '../result.js';
import { changing, find, under } from '../story.js';
import { right } from '../stories.js';

const ack = find(right, 'ack');

describe('an id or a position that is empty', () => {
  it('is none', () => {
    const { position: _, ...bare } = ack;
    expect(withPlaceTold({ ...ack, position: '' })).toEqual(bare);
    expect(withPlaceTold({ ...ack, id: '' })).toEqual(ack);
    expect(withPlaceTold({ ...ack, id: '', position: '' })).toEqual(bare);
    expect(withPlaceTold({ ...bare, id: '' })).toEqual(bare);
    expect(withPlaceTold({ ...ack, id: 'x', position: '' })).toEqual({ ...bare, id: 'x' });
  });

  it('is looked for in what names a place, and all else is left as it is', () => {
    const kinds = ['ack', 'receive', 'stored', 'send', 'join', 'end'] as const;
    for (const kind of kinds) {
      const event = find(right, kind);
      expect(withPlaceTold(event)).toBe(event);
    }
    const part = { ...find(right, 'part'), position: '' };
    expect(withPlaceTold(part)).toBe(part);
  });
});

describe('a target that leaves its numbers empty', () => {
  const emptied = (event: Event): Event =>
    'position' in event && event.kind !== 'part' && event.kind !== 'control'
      ? { ...event, position: '' }
      : event;
  const told = changing(right, emptied);

  it('gave no number twice, and none of another message', () => {
    expect(result(told, 'no-record-changed').outcome).toBe('pass');
    expect(result(told, 'messages-duplicated').outcome).toBe('pass');
  });

  it('is asked whether its readers agree', () => {
    const inRoom = under(told, exactlyOnce({ order: 'room' }));
    expect(result(inRoom, 'messages-reordered').outcome).toBe('pass');
    const reader = find(told, 'receive', ({ session, t }) => session === '4' && t < 500).session;
    const mine = told.events.filter(
      (event) => event.kind === 'receive' && event.session === reader && event.t < 600,
    );
    const [one, other] = mine;
    const turned = changing(inRoom, (event) => {
      if (event === one && other) return { ...other, t: one.t };
      return event === other && one ? { ...one, t: other.t } : event;
    });
    expect(result(turned, 'messages-reordered').outcome).toBe('fail');
  });
});
