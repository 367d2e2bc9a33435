import { describe, expect, it } from 'vitest';
import { checks } from '../../src/judge/checks/index.js';
import { result } from './result.js';
import { judge, Story, without, type Told } from './story.js';
import { historiesOf, isOf, rows } from './unexercised.js';

const ids = checks.map(({ id }) => id);
const outcomeOf = (told: Told, id: string) => result(told, id).outcome;

describe('a history that never exercises a check', () => {
  it('is here for each check of the catalogue, and for nothing else', () => {
    expect(Object.keys(rows).sort()).toEqual([...ids].sort());
  });

  it.each(Object.entries(rows))('is not passed by %s, and the whole history is', (id, row) => {
    const { right, taken } = historiesOf(row);
    expect(outcomeOf(right, id)).toBe('pass');
    expect(outcomeOf(taken, id)).toBe('unknown');
  });

  it('is passed by none where nothing happened at all, or nothing was done to the target', () => {
    const { header, events } = new Story();
    const untouched = without({ header, events }, isOf('disruption'));
    for (const told of [{ header, events: [] }, { header, events: events.slice(-1) }, untouched]) {
      const results = judge(told).tests.flatMap(({ checks: all }) => all);
      expect(results.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id)).toEqual([]);
    }
  });

  it('shows nothing but the restart where nobody was there', () => {
    const alone = without(new Story(), (event) => 'session' in event);
    const results = judge(alone).tests.flatMap(({ checks: all }) => all);
    expect(results.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id)).toEqual([
      'exit-code',
      'connection-was-lost',
      'restart',
      'total',
    ]);
  });
});
