import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/judge/port.js';
import { errorCodes } from '../../src/base/errors.js';
import { catalogue } from '../../src/report/catalogue.js';
import { explain } from '../../src/report/explain.js';
import { pages } from '../../src/report/index.js';

const lost: Check = {
  id: 'messages-lost',
  test: 'continuity',
  about: {
    question: 'Did every acknowledged message reach everyone who was owed it?',
    seenBy: 'A canary arrived later, and the message had not.',
    causes: ['It was acknowledged before it was stored.'],
    next: ['Look at the order of commit and acknowledgement.'],
    modes: [20, 22],
  },
  needs: ['acknowledgements'],
  uses: [],
  kinds: [],
  binds: () => true,
  start: () => ({ judge: () => ({ outcome: 'pass', summary: '', figures: {}, evidence: [], blames: [] }) }),
};

describe('the catalogue', () => {
  it('is plain data, so that it can be written down when the program is bundled', () => {
    expect(JSON.parse(JSON.stringify(catalogue))).toStrictEqual(catalogue);
    expect(catalogue.map(({ id }) => id)).toContain('messages-lost');
  });
});

describe('an explanation', () => {
  it('of a check tells its question, how it is seen, its causes, what is next and when it is skipped', () => {
    const { found, text } = explain('messages-lost', [lost]);
    expect(found).toBe(true);
    for (const said of [lost.about.question, lost.about.seenBy, ...lost.about.causes, ...lost.about.next]) {
      expect(text).toContain(said);
    }
    expect(text).toContain('acknowledgements: the target says what it has accepted');
    expect(text).toContain('Failure modes: 20, 22');
  });

  it('of a test tells what it proves and its checks; of an error, what it means', () => {
    expect(explain('continuity', [lost]).text).toContain('messages-lost  Did every acknowledged message');
    expect(explain('PORT_IN_USE', [lost]).text).toContain('let a free port be picked');
    expect(explain('port_in_use', [lost]).found).toBe(true);
  });

  it('of a name that a test and a check share tells both', () => {
    const namesake: Check = { ...lost, id: 'reconnect', test: 'performance' };
    const { text } = explain('reconnect', [namesake]);
    expect(text).toContain('The connection is really lost');
    expect(text).toContain('reconnect (performance)');
  });

  it('of nothing tells every check by its test', () => {
    const { text } = explain(undefined, [lost]);
    for (const test of ['session', 'token', 'reconnect', 'continuity', 'integrity', 'performance']) {
      expect(text).toContain(`\n${test}\n`.slice(test === 'session' ? 1 : 0));
    }
  });

  it('of a misspelt word suggests what was meant', () => {
    expect(explain('mesages-lost', [lost])).toEqual({
      found: false,
      text: "expected a check, a test or an error code; there is no 'mesages-lost'. Did you mean: outlast explain messages-lost",
    });
    expect(explain('qqq', [lost]).text).toContain('See them all with: outlast explain');
  });

  it('escapes the word that it does not know', () => {
    expect(explain('\u001b[2J', [lost]).text).toContain('\\x1b[2J');
  });
});

describe('the pages that are made from the code', () => {
  it('are one a check, their index and the errors', () => {
    const made = pages([lost]);
    expect(made.map(({ file }) => file)).toEqual([
      'checks/README.md',
      'checks/messages-lost.md',
      'errors.md',
    ]);
    expect(made[0]?.text).toContain(`- [messages-lost](messages-lost.md): ${lost.about.question}`);
    expect(made[1]?.text).toContain('# messages-lost');
  });

  it('have an entry for each error code, with what to do', () => {
    const text = pages([]).at(-1)?.text ?? '';
    for (const code of Object.keys(errorCodes)) {
      expect(text).toMatch(new RegExp(`\\n## ${code}\\n\\n[^#]+\\n- [^#]+\\nExit code \\d`));
    }
  });
});
