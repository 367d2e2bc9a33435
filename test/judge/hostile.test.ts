import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/history/index.js';
import { json, junit, terminal } from '../../src/report/index.js';
import { adding, changing, having, judge, resultOf, Story } from './story.js';

const story = new Story();
const many = 200_000;
/** A history with this many more events of one kind in its quiet part. */
const flooded = (make: (index: number) => Event) => {
  const flood = Array.from({ length: many }, (_, index) => make(index));
  return judge({ header: story.header, events: [...story.events, ...flood] });
};
const t = story.at.end - 600;

describe('a history that is meant to do harm', () => {
  it('with very many rooms, each joined by one session, is judged', () => {
    const verdict = flooded((index) => ({ t, session: '1', conn: 2, kind: 'joined', room: `room ${index}` }));
    expect(having(verdict, 'fail')).toEqual([]);
  });

  it('with very many sessions that never connect, all in one room, is judged', () => {
    const verdict = flooded((index) => ({ t, session: `x${index}`, kind: 'join', room: 'r1' }));
    expect(verdict.tests).toHaveLength(6);
  });

  it('with very many connections of one session is judged', () => {
    const verdict = flooded((index) => {
      return { t, session: '1', conn: 3 + (index % 2) * index, kind: 'connect', door: 'ws' };
    });
    expect(verdict.tests).toHaveLength(6);
  });

  it('with very many notes shows some of them, and counts the others', () => {
    const verdict = flooded((index) => ({ t, kind: 'note', text: `note ${index}` }));
    expect(verdict.outcome).toBe('pass');
    expect(verdict.notes.length).toBeLessThan(60);
    expect(verdict.notes.at(-1)).toBe('and 199,950 more notes');
  });

  it('with numbers that jump to 2^53 is judged, and what is out of order is found', () => {
    const last = Number.MAX_SAFE_INTEGER;
    const jumping = changing(story, (event) =>
      event.kind === 'receive' && event.position === '7' ? { ...event, position: '9007199254740993' } : event,
    );
    expect(having(judge(jumping), 'fail')).not.toEqual([]);
    const message = `abcd1234.1.${last}`;
    const about = { session: '1', room: 'r1', message, digest: 'd' } as const;
    const huge = adding(
      story,
      { ...about, t, kind: 'send', due: t },
      { t: t + 1, session: '1', conn: 2, kind: 'written', message, attempt: last },
      { t: t + 2, session: '1', conn: 2, kind: 'ack', message, position: String(last) },
    );
    expect(JSON.stringify(judge(huge))).not.toContain('This check failed');
  });

  it('whose times lie far apart, or before the beginning, is judged', () => {
    for (const far of [-1e300, 1e300, Number.MAX_VALUE]) {
      const verdict = judge(
        adding(story, { t: far, session: '1', kind: 'cut' }, { t: far, kind: 'stall', ms: 1 }),
      );
      expect(JSON.stringify(verdict)).not.toContain('This check failed');
    }
  });

  it('shows no text of it raw, in any report', () => {
    const nasty = '\u001b[2J\u001b]0;owned\u0007<script>alert(1)</script>&]]>"\u202e\u009b31m\u0000';
    const told = changing(story, (event) => {
      if (event.kind === 'note') return { ...event, text: nasty };
      if (event.kind === 'receive' && event.position === '5') return { ...event, digest: nasty, from: nasty };
      return event.kind === 'close' ? { ...event, reason: nasty } : event;
    });
    const verdict = judge(adding(told, { t, kind: 'note', text: nasty }));
    expect(resultOf(verdict, 'messages-altered').outcome).toBe('fail');
    const reports = [terminal(verdict), junit(verdict), json(verdict)];
    for (const report of reports)
      expect(report).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(reports[0]).toContain('\\x1b[2J');
    expect(reports[1]).not.toContain('<script>');
    expect((JSON.parse(reports[2] ?? '') as { notes: string[] }).notes).toContain(nasty);
  });
});
