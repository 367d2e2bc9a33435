import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminal, type Style } from '../../src/report/index.js';
import { check, lossy, test, verdict } from './sample.js';

const hostile = '\u001b[2J\u001b]0;pwned\u0007\r\n\u009b31m\u202egnp';

describe('the report for a terminal', () => {
  it('tells a pass by the table of the six and its figures', () => {
    expect(terminal(verdict(), { folder: 'outlast-runs/1', files: ['verdict.json'] })).toMatchInlineSnapshot(`
      "  PASS  6 of 6 judged: user sessions outlasted the restart of backend

        ✓ session      all is well with session
        ✓ token        all is well with token
        ✓ reconnect    all is well with reconnect
        ✓ continuity   all is well with continuity
        ✓ integrity    all is well with integrity
        ✓ performance  all is well with performance

        restart    backend: ready again after 412 ms
        reconnect  median 520 ms, slowest 810 ms
                   of the median: 390 ms down, 100 ms the client's own waiting, 20 ms handshake, 10 ms
                   joining
        recovery   median 560 ms, slowest 900 ms
        downtime   830 ms at most, which leaves room for 3,122 such deploys a month
        sessions   50, 45 of them disrupted
        messages   1,204 sent, 1,200 acknowledged, 4 unsure, 4,811 received; 40 found no connection
        total      7.4 s

        files      outlast-runs/1 (verdict.json)
        seed       a1b2c3d4
      "
    `);
  });

  it('tells what was done several times in a row once, with how often', () => {
    const [once] = verdict().disruptions;
    if (!once) throw new Error('expected a disruption in the sample');
    const disruptions = [once, once, { ...once, type: 'crash' }, once];
    expect(terminal(verdict({ disruptions }), { width: 200 })).toContain(
      'outlasted the restart of backend (2 times) and the crash of backend and the restart of backend\n',
    );
  });

  it('tells a failure first: what, to whom, when, and what follows from it', () => {
    expect(terminal(lossy(), { width: 90 })).toMatchInlineSnapshot(`
      "  FAIL  1 of 3 failed: continuity

        ✗ continuity · messages-lost
          session 12 never received 3 messages that the service had acknowledged to session 9,
          sent 40–112 ms before the signal
             4.120 s  session 9  sends k3j2h1x9.9.14 in r2
             4.131 s  session 9  k3j2h1x9.9.14 acknowledged as number 31
             4.160 s  restart of backend: signal SIGTERM
          often  Messages are handed to those who are connected and to nobody else: who is away
                 misses them.
          look   Is the message in the final read of the room? If \`log-kept\` fails as well, it
                 was never stored for good.
          ↳ log-kept: 3 acknowledged messages are not in the log

        Not known
          ? messages-altered: nothing was received

        ✓ session     all is well with session
        ✗ continuity  3 acknowledged messages were lost
        ○ integrity   skipped: no user records can be read

        restart    backend: ready again after 412 ms
        reconnect  median 520 ms, slowest 810 ms
                   of the median: 390 ms down, 100 ms the client's own waiting, 20 ms handshake,
                   10 ms joining
        recovery   median 560 ms, slowest 900 ms
        downtime   830 ms at most, which leaves room for 3,122 such deploys a month
        sessions   50, 45 of them disrupted
        messages   1,204 sent, 1,200 acknowledged, 4 unsure, 4,811 received; 40 found no
                   connection
        total      7.4 s

        Notes
          the last line is torn: 12 bytes dropped

        seed       a1b2c3d4
        next       outlast explain messages-lost
      "
    `);
  });

  it('says what was not known, what was skipped and why, and what is not promised', () => {
    const said = terminal(
      verdict({
        tests: [
          test('token', [
            check('revoked-refused', { outcome: 'unknown', summary: 'no door answered' }),
            check('refresh-works', { outcome: 'skipped', summary: 'tokens are minted' }),
            check('no-second-login', { outcome: 'skipped', summary: 'tokens are minted' }),
            check('messages-reordered', { outcome: 'fail', binding: false, summary: 'two swapped' }),
          ]),
        ],
      }),
    );
    expect(said).toContain('Not known\n    ? revoked-refused: no door answered');
    expect(said).toContain('Skipped\n    ○ refresh-works, no-second-login: tokens are minted');
    expect(said).toContain('Not promised by the contract\n    ✗ messages-reordered: two swapped');
  });

  it('says why a skipped run was skipped', () => {
    const said = terminal(
      verdict({
        outcome: 'skipped',
        reason: 'nothing answers at 127.0.0.1:8000',
        tests: [],
        disruptions: [],
      }),
    );
    expect(said).toContain('SKIPPED  nothing was judged: nothing answers at 127.0.0.1:8000');
  });

  it('shows a consequence on its own when its cause did not fail, or when two explain each other', () => {
    const said = terminal(
      verdict({
        outcome: 'fail',
        tests: [
          test('continuity', [
            check('log-kept', { outcome: 'fail', consequenceOf: 'messages-lost', summary: 'gone' }),
            check('messages-leaked', { outcome: 'fail', consequenceOf: 'messages-phantom', summary: 'one' }),
            check('messages-phantom', {
              outcome: 'fail',
              consequenceOf: 'messages-leaked',
              summary: 'other',
            }),
          ]),
        ],
      }),
    );
    for (const id of ['log-kept', 'messages-leaked', 'messages-phantom']) {
      expect(said.match(new RegExp(`✗ continuity · ${id}`, 'g'))).toHaveLength(1);
    }
  });

  it('colours nothing unless it is given how', () => {
    expect(terminal(lossy())).not.toContain('\u001b');
    const styles = new Set<Style>();
    const painted = terminal(lossy(), {
      paint: (style, text) => {
        styles.add(style);
        return `<${style}>${text}</${style}>`;
      },
    });
    expect([...styles].sort()).toEqual(['fail', 'pass', 'quiet', 'skipped', 'strong', 'unknown']);
    expect(painted).toContain('<fail>✗</fail>');
  });

  it('keeps to ASCII where nothing else can be shown', () => {
    expect(terminal(lossy(), { unicode: false })).toMatch(/^[\n -~]*$/);
  });

  it('keeps to its width, single long words aside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 200 }), (width) =>
        terminal(lossy(), { width })
          .split('\n')
          .every((line) => [...line].length <= width),
      ),
    );
  });

  it('escapes everything that a history says', () => {
    const said = terminal(
      verdict({
        outcome: 'fail',
        reason: hostile,
        notes: [hostile],
        tests: [
          test(
            'session',
            [
              check('came-back', {
                outcome: 'fail',
                summary: hostile,
                evidence: [{ kind: 'note', t: 1, text: hostile }],
              }),
              check('close-code', { outcome: 'unknown', summary: hostile }),
              check('exit-code', { outcome: 'skipped', summary: hostile }),
            ],
            { outcome: 'fail', headline: hostile },
          ),
          test('token', [], { outcome: 'skipped', reason: hostile }),
        ],
      }),
    );
    expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(said).toContain('\\x1b[2J');
  });

  it('shows no more evidence than can be read, and says where the rest is', () => {
    const evidence = Array.from({ length: 9 }, (_, t) => ({ kind: 'note', t, text: `note ${t}` }) as const);
    const said = terminal(
      verdict({
        outcome: 'fail',
        tests: [test('session', [check('came-back', { outcome: 'fail', evidence })])],
      }),
    );
    expect(said).toContain('note 5');
    expect(said).not.toContain('note 6');
    expect(said).toContain('and 3 more in verdict.json');
  });
});
