import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CauseSet } from '../../src/judge/cause-set.js';

const causes = fc.array(
  fc.record({
    subject: fc.constantFrom('session', 'message', 'room', 'service'),
    id: fc.constantFrom('', '1', 'a b', 'session 1'),
  }),
);

it('has what was added, by subject and id, and says what is new', () => {
  fc.assert(
    fc.property(causes, causes, (added, asked) => {
      const set = new CauseSet();
      const known = new Set<string>();
      for (const cause of added) {
        const key = JSON.stringify([cause.subject, cause.id]);
        expect(set.add(cause)).toBe(!known.has(key));
        known.add(key);
      }
      for (const cause of asked) {
        expect(set.has(cause)).toBe(known.has(JSON.stringify([cause.subject, cause.id])));
      }
    }),
  );
});

it('takes in what it begins with', () => {
  expect(new CauseSet([{ subject: 'room', id: 'r' }]).has({ subject: 'room', id: 'r' })).toBe(true);
});
