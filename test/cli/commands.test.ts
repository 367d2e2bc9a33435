import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../src/app/port.js';
import { type ErrorCode, OutlastError } from '../../src/base/errors.js';
import type { World } from '../../src/cli/world.js';
import { lossy } from '../report/sample.js';
import { resultOf } from './fixtures/scripted-app.js';
import { outlast } from './fixtures/world.js';

describe('outlast', () => {
  it('alone shows its help and is a usage error; with --help it is not', async () => {
    const alone = await outlast([]);
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(alone.stderr).toContain('Usage: outlast');
    const asked = await outlast(['--help']);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked.stdout).toContain('130, 143, 129  interrupted, after healing');
  });

  it('tells its version', async () => {
    expect(await outlast(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n' });
  });

  it('refuses a misspelt flag or command and says which was meant', async () => {
    const flag = await outlast(['run', '--josn']);
    expect(flag.code).toBe(2);
    expect(flag.stderr).toMatch(/^outlast: unknown option '--josn'\n\(Did you mean --json\?\)\n\(USAGE; see/);
    const command = await outlast(['rnu']);
    expect(command).toMatchObject({ code: 2 });
    expect(command.stderr).toContain('(Did you mean run?)');
    expect(flag.app.asked).toEqual([]);
  });

  it('refuses values that cannot be meant, before anything is loaded', async () => {
    const wrong = [
      ['--only', 'sesion', "There is no test 'sesion'. Did you mean 'session'?"],
      ['--sessions', '1', 'Expected a whole number from 2'],
      ['--sessions', 'many', 'Expected a whole number from 2'],
      ['--restarts', '0', 'Expected a whole number from 1 to 100'],
      ['--restarts', '1e9', 'Expected a whole number from 1 to 100'],
      ['--restarts', 'twice', 'Expected a whole number from 1 to 100'],
      ['--reporter', 'html', "There is no reporter 'html'. Known are: terminal, json, junit."],
    ] as const;
    for (const [flag, value, said] of wrong) {
      const told = await outlast(['run', flag, value]);
      expect(told.code).toBe(2);
      expect(told.stderr).toContain(said);
      expect(told.app.asked).toEqual([]);
    }
    expect(await outlast(['run', '--json', '--reporter', 'junit'])).toMatchObject({ code: 2 });
    expect(await outlast(['run', 'surplus'])).toMatchObject({ code: 2 });
  });
});

describe('outlast run', () => {
  it('hands its flags to the app', async () => {
    const { app } = await outlast([
      ...[
        'run',
        '-c',
        'my.config.ts',
        '--only',
        'session,token',
        '--sessions',
        '7',
        '--restarts',
        '2',
        '--seed',
        's',
        '--out',
        'o',
      ],
      '--allow-remote',
    ]);
    expect(app.asked[0]).toEqual({ what: 'load', with: 'my.config.ts' });
    expect(app.asked[1]).toMatchObject({
      what: 'run',
      with: { only: ['session', 'token'], sessions: 7, restarts: 2, seed: 's', out: 'o', allowRemote: true },
    });
  });

  it('prints the report on standard output and nothing else there', async () => {
    const { stdout, stderr, code } = await outlast(['run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\n {2}PASS/);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
  });

  it('gives standard output to the format for machines, and the report for people to standard error', async () => {
    const alone = await outlast(['run', '--json']);
    expect(JSON.parse(alone.stdout)).toMatchObject({ outlast: 1, outcome: 'pass' });
    expect(alone.stderr).toBe('');
    const both = await outlast(['run', '--reporter', 'terminal,json,junit']);
    expect(JSON.parse(both.stdout)).toMatchObject({ outlast: 1 });
    expect(both.stderr).toContain('PASS');
    const junit = await outlast(['run', '--reporter', 'junit']);
    expect(junit.stdout).toMatch(/^<\?xml/);
  });

  it('exits as the table says', async () => {
    const codeOf = async (args: string[], ...result: Parameters<typeof resultOf>) =>
      (await outlast(['run', ...args], { result: resultOf(...result) })).code;
    expect(await codeOf([], { outcome: 'pass' })).toBe(0);
    expect(await codeOf([], { outcome: 'skipped' })).toBe(0);
    expect(await codeOf(['--require'], { outcome: 'skipped' })).toBe(3);
    expect(await codeOf([], { outcome: 'unknown' })).toBe(3);
    expect(await codeOf([], { outcome: 'fail' })).toBe(1);
    const failure = (code: ErrorCode) => ({
      failure: new OutlastError(code, 'x'),
    });
    expect(await codeOf([], { outcome: 'unknown' }, failure('RESTART_FAILED'))).toBe(1);
    expect(await codeOf([], { outcome: 'unknown' }, failure('TARGET_NOT_READY'))).toBe(3);
    expect(await codeOf([], { outcome: 'unknown' }, failure('WRITE_FAILED'))).toBe(4);
    expect(await codeOf([], { outcome: 'fail' }, failure('WRITE_FAILED'))).toBe(1);
    // What shows only in a run that the config is wrong: whatever the report says, it is for the user to mend.
    for (const code of ['MAPPING_FAILED', 'CLIENT_MISBEHAVED', 'TEXT_CHANGED'] as const)
      for (const outcome of ['unknown', 'fail'] as const)
        expect(await codeOf([], { outcome }, failure(code))).toBe(2);
  });

  it('does not say of a client that misbehaved in a run that nothing was touched', async () => {
    const { stdout } = await outlast(['--help']);
    expect(stdout).toMatch(
      /^ {2}2 {2}.*nothing was touched; or .*client of the config is,\n.* is no evidence$/m,
    );
    expect(stdout).toMatch(/^ {2}3 {2}unknown for any other reason/m);
  });

  it('exits by whose fault an error is', async () => {
    const codeOf = async (error: unknown) => (await outlast(['run'], { error })).code;
    expect(await codeOf(new OutlastError('CONFIG_INVALID', 'x'))).toBe(2);
    expect(await codeOf(new OutlastError('PORT_IN_USE', 'x'))).toBe(3);
    expect(await codeOf(new OutlastError('RESTART_FAILED', 'x'))).toBe(1);
    expect(await codeOf(new OutlastError('WRITE_FAILED', 'x'))).toBe(4);
    expect(await codeOf(new TypeError('a bug'))).toBe(4);
  });

  it('tells an error with its details and its code, and never with a stack', async () => {
    const error = new OutlastError('TARGET_EXITED', 'backend\u001b[2J ended', {
      details: ['line \u001b]0;x\u0007one'],
    });
    const { stderr, stdout } = await outlast(['run'], { error });
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'outlast: backend\\x1b[2J ended\n  line \\x1b]0;x\\x07one\n' +
        '(TARGET_EXITED; see docs/errors.md#target_exited, or: outlast explain TARGET_EXITED)\n',
    );
    const debugged = await outlast(['run'], { error }, { environment: { OUTLAST_DEBUG: '1' } });
    expect(debugged.stderr).toContain('commands.test.ts');
  });

  it('says what would be done under --dry-run, and does not run', async () => {
    const { stdout, app } = await outlast(['run', '--dry-run']);
    expect(stdout).toBe('the plan\n');
    expect(app.asked.map(({ what }) => what)).toEqual(['load', 'dryRun']);
  });

  it('makes a skipped run visible in CI', async () => {
    const result = resultOf({ outcome: 'skipped', reason: 'nothing answers' });
    const { stderr } = await outlast(['run'], { result }, { environment: { GITHUB_ACTIONS: 'true' } });
    expect(stderr).toBe('::warning title=Outlast: skipped::nothing answers\n');
  });

  it('shows what ended a run early, beneath what was seen until then', async () => {
    const failure = new OutlastError('RESTART_FAILED', 'backend is not ready again', {
      details: ['Error: lock'],
    });
    const { stdout, stderr } = await outlast(['run'], { result: resultOf({ outcome: 'fail' }, { failure }) });
    expect(stdout).toContain('FAIL');
    expect(stderr).toContain('outlast: backend is not ready again\n  Error: lock\n');
  });
});

describe('the progress of a run', () => {
  const run = ({ watch }: RunOptions) => {
    watch?.({ kind: 'phase', t: 0, phase: 'steady' });
    watch?.({ kind: 'ack', t: 1, session: '1', message: 'm' });
    return Promise.resolve(resultOf());
  };
  /** A run on a terminal that goes on until its live view was drawn. */
  const onTerminal = (environment: World['environment'] = {}) => {
    let tell: () => void = () => undefined;
    const drawn = new Promise<void>((resolve) => (tell = resolve));
    const onStderr = (text: string) => (text.includes('chatting') ? tell() : undefined);
    const slow = async (options: RunOptions) => (await Promise.all([run(options), drawn]))[0];
    return outlast(['run'], { run: slow }, { isTTY: true, environment, onStderr });
  };

  it('is plain lines on standard error in a pipe, none when quiet', async () => {
    expect((await outlast(['run'], { run })).stderr).toBe('   0.0 s  steady: chatting, undisturbed\n');
    expect((await outlast(['run', '--quiet'], { run })).stderr).toBe('');
    expect((await outlast(['run', '--json'], { run })).stdout).toMatch(/^\{/);
  });

  it('is redrawn in place on a terminal, and taken away at the end', async () => {
    const { stderr, stdout } = await onTerminal();
    expect(stderr).toContain('chatting, undisturbed');
    expect(stderr).toMatch(/\u001b\[2A\u001b\[0J$/);
    expect(stdout).toContain('\u001b[32m✓');
  });

  it('has no colour under NO_COLOR, and no moving lines on a dumb terminal', async () => {
    const plain = await onTerminal({ NO_COLOR: '1' });
    expect(plain.stdout).not.toContain('\u001b[');
    const dumb = await onTerminal({ TERM: 'dumb' });
    expect(dumb.stdout + dumb.stderr).not.toContain('\u001b[');
    const forced = await outlast(['run'], { run }, { environment: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain('\u001b[32m');
  });
});

describe('outlast demo', () => {
  it('hands its flags to the app, and says what is broken on purpose', async () => {
    const demo = { say: ['broken on purpose: no goodbye'] };
    const { app, stderr } = await outlast(['demo', '--crash', '--both', '--break', 'no-drain'], { demo });
    expect(app.asked[0]).toEqual({
      what: 'demo',
      with: { crash: true, both: true, rolling: false, variant: 'no-drain' },
    });
    expect(stderr).toContain('outlast: broken on purpose: no goodbye\n');
  });

  it('lists the broken parts', async () => {
    expect(await outlast(['demo', '--list-breaks'])).toMatchObject({
      code: 0,
      stdout: 'no-drain  Ends without a goodbye.\n',
    });
    expect(await outlast(['demo', '--list-breaks', '--break', 'x'])).toMatchObject({ code: 2 });
  });

  it('says whether what failed is what the manifest says', async () => {
    const result = { verdict: lossy(), folder: 'f', files: [] };
    const as = { expected: { fails: ['messages-lost'], consequences: ['log-kept', 'messages-altered'] } };
    const right = await outlast(['demo', '--break', 'x'], { result, demo: as });
    expect(right).toMatchObject({ code: 1 });
    expect(right.stdout).toContain('As the manifest says: messages-lost.');
    const other = { expected: { fails: ['close-code'], consequences: [] } };
    const wrong = await outlast(['demo', '--break', 'x'], { result, demo: other });
    expect(wrong.stdout).toContain('close-code should fail, and does not');
    expect(wrong.stdout).toContain('messages-lost fails, and should not');
    expect(wrong.stdout).toContain('messages-altered is unknown, and should be known');
  });
});

describe('outlast judge', () => {
  const read = expect.any(Function) as unknown;

  it('judges the latest run, or each history that is named, and exits by the worst', async () => {
    expect((await outlast(['judge'])).app.asked).toEqual([
      { what: 'judge', with: { paths: [], options: { read } } },
    ]);
    const several = await outlast(['judge', 'a', 'missing', 'b', '--only', 'token']);
    expect(several.code).toBe(2);
    expect(several.app.asked.map(({ with: given }) => given)).toEqual([
      { paths: ['a'], options: { only: ['token'], read } },
      { paths: ['b'], options: { only: ['token'], read } },
    ]);
    const failing = await outlast(['judge', 'a', 'missing'], { result: resultOf({ outcome: 'fail' }) });
    expect(failing.code).toBe(1);
  });

  it('judges the files of one run as one history, with one verdict', async () => {
    const { app, code } = await outlast(['judge', 'a', 'b', 'c', '--out', 'o'], {
      together: [['a', 'b', 'c']],
    });
    expect(code).toBe(0);
    const options = { out: 'o', read };
    expect(app.asked).toEqual([{ what: 'judge', with: { paths: ['a', 'b', 'c'], options } }]);
  });

  it('says at once what it judges, one after the other, and nothing when quiet', async () => {
    const { stderr } = await outlast(['judge', 'a', 'missing', 'b']);
    expect(stderr).toMatch(/^outlast: judging a and 2 more\n[^]*\noutlast: judging b\n$/);
    expect((await outlast(['judge', 'a', '--quiet'])).stderr).toBe('');
    const terminal = await outlast(['judge', 'a'], {}, { isTTY: true });
    expect(terminal.stderr).toBe('outlast: judging a\n\u001b[1A\u001b[0J');
  });

  it('writes several verdicts to no one place', async () => {
    expect(await outlast(['judge', 'a', 'b', '--out', 'o'])).toMatchObject({ code: 2 });
  });
});

describe('outlast report', () => {
  it('shows a verdict in another form, and is a success whatever it says', async () => {
    const result = { verdict: lossy(), folder: 'f', files: [] };
    expect((await outlast(['report'], { result })).stdout).toContain('FAIL');
    expect(JSON.parse((await outlast(['report', '--format', 'json', 'f'], { result })).stdout)).toEqual(
      lossy(),
    );
    expect(await outlast(['report', '--format', 'junit'], { result })).toMatchObject({ code: 0 });
    expect(await outlast(['report', '--format', 'pdf'])).toMatchObject({ code: 2 });
  });
});

describe('outlast explain', () => {
  it('explains without loading the app', async () => {
    const { code, stdout, app } = await outlast(['explain', 'continuity']);
    expect(code).toBe(0);
    expect(stdout).toContain('continuity\n');
    expect(app.asked).toEqual([]);
  });

  it('refuses what it does not know and says what was meant', async () => {
    const told = await outlast(['explain', 'continuty']);
    expect(told).toMatchObject({ code: 2, stdout: '' });
    expect(told.stderr).toContain('Did you mean: outlast explain continuity');
  });
});
