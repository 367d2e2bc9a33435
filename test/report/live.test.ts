import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/history/events.js';
import { liveLines, plainLine, progress } from '../../src/report/index.js';
import { plainLook } from '../../src/report/layout.js';

const seen = (...events: readonly Event[]) => {
  const fold = progress();
  for (const event of events) fold.see(event);
  return fold.view();
};

describe('the progress of a run', () => {
  it('counts who is up, who has tried, and what is acknowledged a second', () => {
    const view = seen(
      { kind: 'phase', t: 0, phase: 'establish' },
      { kind: 'connect', t: 10, session: '1', door: 'ws' },
      { kind: 'connect', t: 10, session: '2', door: 'ws' },
      { kind: 'ready', t: 20, session: '1', claims: 'fresh' },
      { kind: 'ready', t: 20, session: '2', claims: 'fresh' },
      { kind: 'phase', t: 30, phase: 'steady' },
      { kind: 'send', t: 40, due: 40, session: '1', room: 'r1', message: 'm1', digest: 'd' },
      { kind: 'ack', t: 50, session: '1', message: 'm1' },
      { kind: 'ack', t: 1_500, session: '1', message: 'm2' },
      { kind: 'receive', t: 1_510, session: '2', room: 'r1', message: 'm1', digest: 'd' },
      { kind: 'close', t: 1_600, session: '2', by: 'target', code: 1012 },
    );
    expect(view).toEqual({
      t: 1_600,
      phase: 'steady',
      up: 1,
      of: 2,
      perSecond: 1,
      sent: 1,
      acknowledged: 2,
      received: 1,
      disruption: null,
    });
  });

  it('shows a disruption while it goes on', () => {
    const step = (step: 'begin' | 'signal' | 'end'): Event => ({
      kind: 'disruption',
      t: 0,
      disruption: 0,
      type: 'restart',
      service: 'backend',
      step,
    });
    expect(seen(step('begin'), step('signal')).disruption).toEqual({
      type: 'restart',
      service: 'backend',
      step: 'signal',
    });
    expect(seen(step('begin'), step('end')).disruption).toBeNull();
  });

  it('never has more sessions up than have tried, whatever comes in which order', () => {
    const session = fc.constantFrom('1', '2', '3');
    const event: fc.Arbitrary<Event> = fc.oneof(
      session.map((session): Event => ({ kind: 'connect', t: 0, session, door: 'ws' })),
      session.map((session): Event => ({ kind: 'close', t: 0, session, by: 'target' })),
      session.map((session): Event => ({ kind: 'cut', t: 0, session })),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const { up, of } = seen(...events);
        return up <= of;
      }),
    );
  });
});

describe('the live view', () => {
  const view = seen(
    { kind: 'connect', t: 0, session: '1', door: 'ws' },
    { kind: 'connect', t: 0, session: '2', door: 'ws' },
    { kind: 'ready', t: 0, session: '1', claims: 'fresh' },
    { kind: 'phase', t: 1_250, phase: 'disrupt' },
    {
      kind: 'disruption',
      t: 1_250,
      disruption: 0,
      type: 'restart',
      service: 'back\u001b[2Jend',
      step: 'signal',
    },
  );

  it('is two lines: where the run is, and who is up', () => {
    const [first, second] = liveLines(view, plainLook);
    expect(first).toContain('1.3 s   disrupting under load · restart of back\\x1b[2Jend: signal');
    expect(second).toContain('██████████░░░░░░░░░░ 1/2 sessions up');
  });

  it('keeps to ASCII where nothing else can be shown', () => {
    expect(liveLines(view, { ...plainLook, unicode: false }).join('\n')).toMatch(/^[\n -~]*$/);
  });

  it('is a line a phase and a step of a disruption in a pipe, and nothing for the rest', () => {
    expect(plainLine({ kind: 'phase', t: 2_000, phase: 'steady' })).toBe(
      '   2.0 s  steady: chatting, undisturbed',
    );
    expect(
      plainLine({
        kind: 'disruption',
        t: 3_000,
        disruption: 0,
        type: 'restart',
        service: 'backend',
        step: 'exited',
        exitCode: 0,
      }),
    ).toBe('   3.0 s  restart of backend: exited (exit code 0)');
    expect(plainLine({ kind: 'ack', t: 1, session: '1', message: 'm' })).toBeNull();
    expect(plainLine({ kind: 'end', t: 1, how: 'completed' })).toBeNull();
    expect(plainLine({ kind: 'note', t: 1, text: 'a\u001b[2Jb' })).toBe('   0.0 s  a\\x1b[2Jb');
  });
});
