import { describe, expect, it } from 'vitest';
import type { Validation } from '../../src/report/index.js';
import { outlast } from './fixtures/world.js';

const rule = { expects: 'tell when the connection is lost', advice: 'Call `tell.closed()`' };
const broken: Validation = {
  client: 'chirp',
  outcome: 'fail',
  rules: [
    { ...rule, rule: 'enters', outcome: 'kept', said: [] },
    { ...rule, rule: 'tells-loss', outcome: 'broken', said: ['told nothing'] },
    {
      ...rule,
      rule: 'answers',
      outcome: 'not-exercised',
      said: ['nothing was sent'],
      advice: 'Send something',
    },
  ],
  hints: ['It came back and had not said that it was trying'],
};

describe('outlast validate', () => {
  it('hands its flags to the app, and passes when nothing is broken', async () => {
    const { app, code, stdout } = await outlast(['validate', '-c', 'my.config.ts', '--allow-remote']);
    expect(app.asked).toMatchObject([
      { what: 'load', with: 'my.config.ts' },
      { what: 'validate', with: { allowRemote: true } },
    ]);
    expect(stdout).toContain('PASS  chirp: 1 rule kept, 0 broken, 0 not exercised');
    expect(code).toBe(0);
  });

  it('fails where a rule is broken, and says first what was done, what is expected and what to do', async () => {
    const { code, stdout } = await outlast(['validate'], { validation: broken });
    expect(stdout).toBe(`
  FAIL  chirp: 1 rule kept, 1 broken, 1 not exercised

  ✗ tells-loss  expected it to tell when the connection is lost
                it told nothing
                Call \`tell.closed()\`.
  ✓ enters      tell when the connection is lost
  ○ answers     not exercised: nothing was sent. Send something.

  Hints
    It came back and had not said that it was trying.
`);
    expect(code).toBe(1);
  });

  it('knows nothing where the target is not there', async () => {
    const validation: Validation = {
      client: 'chirp',
      outcome: 'skipped',
      reason: 'nobody is there',
      rules: [],
      hints: [],
    };
    const { code, stdout } = await outlast(['validate'], { validation });
    expect([code, stdout]).toEqual([3, '\n  SKIPPED  chirp: nobody is there\n']);
  });

  it('prints all of it as JSON', async () => {
    const { stdout } = await outlast(['validate', '--json'], { validation: broken });
    expect(JSON.parse(stdout)).toEqual(broken);
  });
});
