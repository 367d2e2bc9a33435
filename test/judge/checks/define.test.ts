import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { defineCheck, type Description } from '../../../src/judge/checks/define.js';
import { connections } from '../../../src/judge/facts/connections.js';
import { messages } from '../../../src/judge/facts/messages.js';
import { timeline } from '../../../src/judge/facts/timeline.js';
import { fail, pass, unknown } from '../../../src/judge/finding.js';
import { adding, changing, judge, resultOf, without, type Told } from '../story.js';
import { right } from '../stories.js';

const { end } = right.at;

const described = (more: Partial<Description> = {}): Description => ({
  ...{ id: 'one', test: 'session', needs: [], passesOn: 'absence' },
  about: { question: '', seenBy: '', causes: [], next: [], modes: [] },
  judge: () => pass('the restart met nobody', { figures: { n: 1 }, evidence: right.events.slice(0, 1) }),
  ...more,
});
const found = (told: Told, more: Partial<Description> = {}) =>
  resultOf(judge(told, { checks: [defineCheck(described(more))] }), 'one');
const isEnd = ({ kind }: Event) => kind === 'end';
const ending = (how: 'interrupted' | 'failed', reason?: string) =>
  changing(right, (event) =>
    event.kind === 'end'
      ? { t: event.t, kind: 'end', how, ...(reason === undefined ? {} : { reason }) }
      : event,
  );

describe('a defined check', () => {
  it('binds, looks at no event itself, and uses the timeline and the connections unless told otherwise', () => {
    const plain = defineCheck(described());
    expect(plain).toMatchObject({ id: 'one', test: 'session', needs: [], kinds: [] });
    expect(plain.binds(right.header.contract)).toBe(true);
    expect(plain.uses).toEqual([timeline, connections]);
    expect(plain).not.toHaveProperty('judge');
    expect(plain).not.toHaveProperty('passesOn');
    const more = defineCheck(described({ uses: [messages, timeline], binds: () => false }));
    expect(more.uses).toEqual([timeline, connections, messages]);
    expect(more.binds(right.header.contract)).toBe(false);
  });

  it('tells what it found, with its figures and its evidence', () => {
    expect(found(right)).toMatchObject({
      outcome: 'pass',
      summary: 'the restart met nobody',
      figures: { n: 1 },
    });
  });

  it('calls what was done by its name', () => {
    const paused = changing(right, (event) =>
      event.kind === 'disruption' ? { ...event, type: 'pause' } : event,
    );
    expect(found(paused).summary).toBe('the pause met nobody');
    expect(found(paused, { judge: () => fail('the restart met all') }).summary).toBe('the pause met all');
  });

  it.each<[string, Told]>([
    ['Nothing was disrupted in this history', without(right, ({ kind }) => kind === 'disruption')],
    ['The history breaks off without an end', without(right, isEnd)],
    ['The run was interrupted', ending('interrupted')],
    ['The run was interrupted (Ctrl-C)', ending('interrupted', 'Ctrl-C')],
    ['The run was given up', ending('failed')],
    ['The run was given up (no door)', ending('failed', 'no door')],
  ])('passes on absence nowhere where it has to say: %s', (why, told) => {
    expect(found(told)).toMatchObject({
      outcome: 'unknown',
      summary: `${why}, so this is not proved: the restart met nobody`,
      figures: { n: 1 },
    });
    expect(found(told).evidence).toHaveLength(1);
  });

  it('passes on presence wherever something was done, and the program was awake', () => {
    const presence = { passesOn: 'presence' } as const;
    for (const told of [without(right, isEnd), ending('interrupted'), ending('failed')])
      expect(found(told, presence).outcome).toBe('pass');
    expect(
      found(
        without(right, ({ kind }) => kind === 'disruption'),
        presence,
      ).outcome,
    ).toBe('unknown');
    expect(found(asleep(end - 50), presence).outcome).toBe('unknown');
  });

  it('leaves what is no pass as it is', () => {
    for (const other of [fail('it is so'), unknown('who knows')])
      expect(found(without(right, isEnd), { judge: () => other })).toMatchObject({
        outcome: other.outcome,
        summary: other.summary,
      });
  });

  /** The program stood still for so long, until it ended. */
  const asleep = (ms: number, told: Told = right) => adding(told, { t: end - 1, kind: 'stall', ms });

  it('has seen nothing where the program stood still for more than half of the time since sessions were established', () => {
    const since = end - 90;
    expect(found(asleep(since / 2 - 1)).outcome).toBe('pass');
    expect(found(asleep(since / 2)).outcome).toBe('pass');
    expect(found(asleep(since / 2 + 1))).toMatchObject({
      outcome: 'unknown',
      summary:
        'This program itself stood still for 1.46 s of 2.91 s, so this is not proved: the restart met nobody',
    });
  });

  it('counts from the beginning where none were, and to the last stall where the history breaks off', () => {
    const unestablished = without(right, ({ kind }) => kind === 'phase');
    expect(found(asleep(end / 2 - 1, unestablished)).outcome).toBe('pass');
    expect(found(asleep(end / 2 + 1, unestablished)).outcome).toBe('unknown');
    const open = without(right, isEnd);
    const presence = { passesOn: 'presence' } as const;
    const early = (ms: number) => adding(open, { t: 1_090, kind: 'stall', ms });
    expect(found(early(499), presence).outcome).toBe('pass');
    expect(found(early(501), presence).outcome).toBe('unknown');
    expect(found(open, presence).outcome).toBe('pass');
  });
});
