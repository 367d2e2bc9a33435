import { describe, expect, it } from 'vitest';
import { inspectEvent, wordings } from '../../src/history/index.js';

describe('the wording of the fields of an event', () => {
  it('is told where it may not be ours: the target said it, or it may be the name of a room of the target', () => {
    expect(wordings.get('open')).toEqual([['instance', 'target']]);
    expect(wordings.get('note')).toEqual([['text', 'target']]);
    expect(wordings.get('joined')).toContainEqual(['room', 'room']);
    expect(wordings.get('cut')).toEqual([]);
  });

  it('is that of the items of a list', () => {
    expect(wordings.get('record')).toContainEqual(['fields', 'target']);
  });
});

describe('looking at an event', () => {
  const shape = { t: 1, session: '1', kind: 'record', name: 'n', of: 'user', at: 'before', reading: 1 };

  it('finds the place of a fault within a list', () => {
    const fault = { path: 'fields[1]', expected: 'a text', came: 7 };
    expect(inspectEvent({ ...shape, digest: null, fields: ['a', 7] })).toEqual({ fault });
    expect(inspectEvent({ ...shape, digest: null, fields: 'a' })).toEqual({
      fault: { path: 'fields', expected: 'a list', came: 'a' },
    });
  });

  it('gives an event back as it is, and a copy without what is not known', () => {
    const event = { ...shape, digest: null };
    expect(inspectEvent(event)).toEqual({ event });
    expect(inspectEvent({ ...event, colour: 'red' })).toEqual({ event });
  });
});
