import { describe, expect, it } from 'vitest';
import { annotation, json, junit } from '../../src/report/index.js';
import { check, lossy, test, verdict } from './sample.js';

const hostile = '\u001b[2J<&>"\'\r\n\u009b31m\ud800\u2028\ufffe\uffff]]>';

describe('verdict.json', () => {
  it('is the verdict, and ends with a line end', () => {
    expect(JSON.parse(json(lossy()))).toEqual(lossy());
    expect(json(verdict())).toMatch(/^\{\n.*\}\n$/s);
  });

  it('can be shown on a terminal whatever it holds', () => {
    const text = json(verdict({ reason: hostile }));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028]/);
    expect(JSON.parse(text)).toHaveProperty('reason', hostile);
  });
});

describe('junit.xml', () => {
  it('has a testsuite a test and a testcase a check', () => {
    const xml = junit(verdict());
    expect(xml.match(/<testsuite /g)).toHaveLength(6);
    expect(xml).toContain(
      '<testsuites name="outlast" tests="8" failures="0" errors="0" skipped="0" time="7.400">',
    );
    expect(xml).toContain('<testcase classname="outlast.continuity" name="messages-lost"/>');
  });

  it('tells a failure with its evidence, its cause, what is unknown as an error, and what was skipped', () => {
    const xml = junit(lossy());
    expect(xml).toContain('tests="5" failures="2" errors="1" skipped="1"');
    expect(xml).toMatch(/<failure message="session 12 never [^"]*" type="fail">[^<]*4\.131 s {2}session 9/);
    expect(xml).toMatch(/name="log-kept">\n\s*<failure [^>]*>[^<]*\(explained by messages-lost\)/);
    expect(xml).toMatch(/name="messages-altered">\n\s*<error message="nothing was received"/);
    expect(xml).toContain('<skipped message="no user records can be read"/>');
  });

  it('does not fail what the contract does not promise', () => {
    const unbound = check('messages-reordered', { outcome: 'fail', binding: false, summary: 'two swapped' });
    const xml = junit(verdict({ tests: [test('continuity', [unbound])] }));
    expect(xml).toContain('failures="0"');
    expect(xml).toContain('<system-out>not promised by the contract: two swapped</system-out>');
  });

  it('says that a whole run was skipped', () => {
    const xml = junit(verdict({ outcome: 'skipped', reason: 'nothing answers', tests: [] }));
    expect(xml).toContain('<skipped message="nothing answers"/>');
    expect(xml).toContain('tests="1"');
  });

  it('stays well-formed whatever a history says', () => {
    const failing = check('came-back', {
      outcome: 'fail',
      summary: hostile,
      evidence: [{ kind: 'note', t: 0, text: hostile }],
    });
    const xml = junit(verdict({ outcome: 'fail', tests: [test('session', [failing])] }));
    expect(xml).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/);
    expect(xml).toContain('\\x1b[2J&lt;&amp;&gt;&quot;&apos;');
    expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
  });
});

describe('the annotation for CI', () => {
  it('warns of a skipped and of an unknown run, names what failed, and is silent on a pass', () => {
    expect(annotation(verdict())).toBeNull();
    expect(annotation(verdict({ outcome: 'skipped', reason: 'nothing answers' }))).toBe(
      '::warning title=Outlast: skipped::nothing answers',
    );
    expect(annotation(lossy())).toBe('::error title=Outlast: fail::continuity');
  });

  it('lets no history write a command of its own', () => {
    const line = annotation(verdict({ outcome: 'skipped', reason: 'x\n::error::50%' }));
    expect(line).toBe('::warning title=Outlast: skipped::x\\x0a::error::50%25');
  });
});
