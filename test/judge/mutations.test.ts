import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent, encodeHeader, HistoryDecoder, type Event } from '../../src/history/index.js';
import { judging } from '../../src/judge/index.js';
import { json, junit, terminal } from '../../src/report/index.js';
import { changing, find, having, judge, Story, type Told } from './story.js';

// A history is evidence that anybody may have written: what is done to it here was done by no Outlast.

const story = new Story();
const nasty = '\u001b[2J\u001b]0;owned\u0007<script>&]]>"\u202e\u009b31m\u0000\ud800';
/** What replaces a value of an event. */
const values = fc.constantFrom<unknown>(
  ...[0, -1, 1e300, -1e300, 2 ** 53, 2 ** 53 - 1, 0.1, null, true, '', '__proto__', 'constructor', nasty],
  ...['9007199254740993', '1'.repeat(400), 'abcd1234.1.9007199254740993', 'abcd1234.999.1', [], {}],
);

type Mutation = (events: Event[], at: number, other: number) => void;
const of = (events: Event[], at: number) => events[at % events.length];
const mutations: Record<string, Mutation> = {
  removed: (events, at) => void events.splice(at % events.length, 1),
  twice: (events, at, other) => {
    const event = of(events, at);
    if (event) events.splice(other % events.length, 0, event);
  },
  'out of order': (events, at, other) => {
    const [event] = events.splice(at % events.length, 1);
    if (event) events.splice(other % (events.length + 1), 0, event);
  },
  'at the time of another': (events, at, other) => {
    const [event, another] = [of(events, at), of(events, other)];
    if (event && another) events[at % events.length] = { ...event, t: another.t };
  },
};

const drawn = fc.array(
  fc.record({
    kind: fc.constantFrom(...Object.keys(mutations)),
    at: fc.nat(1e6),
    other: fc.nat(1e6),
  }),
  { minLength: 1, maxLength: 30 },
);

function mutated(told: Told, steps: readonly { kind: string; at: number; other: number }[]): Told {
  const events = [...told.events];
  for (const { kind, at, other } of steps) if (events.length > 1) mutations[kind]?.(events, at, other);
  return { header: told.header, events };
}

/** Reads and judges text as a file would be; what it throws is an error with a code. */
function judgeText(text: string) {
  const decoder = new HistoryDecoder('h.ndjson');
  const events = [...decoder.push(text), ...decoder.end()];
  if (!decoder.header) throw new Error('expected a header');
  const judgement = judging(decoder.header);
  for (const event of events) judgement.see(event);
  const end = events.find((event) => event.kind === 'end') ?? null;
  return judgement.verdict(end, { judgedAt: '2026-01-02T00:00:00.000Z', notes: decoder.notes() });
}

/** No control character, no turning of the writing. The line feeds are the report's own. */
function expectHarmless(text: string) {
  const found = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u.exec(
    text,
  );
  expect(found && text.slice(Math.max(0, found.index - 80), found.index + 20)).toBeNull();
}

describe('a history that was tampered with', () => {
  it('gives a verdict whatever is removed, doubled or moved, and no check breaks', () => {
    fc.assert(
      fc.property(drawn, (steps) => {
        const verdict = judge(mutated(story, steps));
        expect(JSON.stringify(verdict)).not.toContain('This check failed');
        for (const report of [terminal(verdict), json(verdict), junit(verdict)]) expectHarmless(report);
      }),
      { numRuns: 60 },
    );
  });

  it('gives a verdict or an error with a code whatever stands in its fields, and no report shows it raw', () => {
    const lines = [encodeHeader(story.header), ...story.events.map(encodeEvent)];
    const change = fc.record({ at: fc.nat(1e6), field: fc.nat(20), value: values });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const all = [...lines];
        for (const { at, field, value } of changes) {
          const line = at % all.length;
          const event = JSON.parse(all[line] ?? '') as Record<string, unknown>;
          const name = Object.keys(event)[field % Object.keys(event).length] ?? 't';
          all[line] = `${JSON.stringify({ ...event, [name]: value })}\n`;
        }
        try {
          const verdict = judgeText(all.join(''));
          for (const report of [terminal(verdict), json(verdict), junit(verdict)]) expectHarmless(report);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^HISTORY_/) as string });
          expectHarmless(String(error));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives a verdict or an error with a code whichever of its bytes are changed', () => {
    const bytes = new TextEncoder().encode(
      encodeHeader(story.header) + story.events.map(encodeEvent).join(''),
    );
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(changes, (all) => {
        const changed = new Uint8Array(bytes);
        for (const [at, byte] of all) changed[at] = byte;
        try {
          judgeText(new TextDecoder().decode(changed));
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^HISTORY_/) as string });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('does not pass with a planted fault, unless what was tampered with is what shows it', () => {
    const lost = find(story, 'receive', ({ t }) => t > story.at.ready + 100);
    const shows = (event: Event) =>
      event === lost || ('message' in event && event.message === lost.message) || event.t > story.at.settle;
    const faulty = changing(story, (event) => (event === lost ? [] : event));
    expect(having(judge(faulty), 'fail')).toContain('messages-lost');
    fc.assert(
      fc.property(drawn, (steps) => {
        // What shows the loss stays: the send, its acknowledgement, who was there, and all that comes at the end.
        const isFree = (event: Event) =>
          !shows(event) && 'session' in event && (event.kind === 'receive' || event.kind === 'wait');
        const free = { ...faulty, events: faulty.events.filter(isFree) };
        const rest = faulty.events.filter((event) => !isFree(event));
        const events = [...rest, ...mutated(free, steps).events].sort((one, other) => one.t - other.t);
        expect(judge({ header: story.header, events }).outcome).toBe('fail');
      }),
      { numRuns: 40 },
    );
  });

  it('passes with a planted fault only where what shows it was tampered with', () => {
    const lost = find(story, 'receive', ({ t }) => t > story.at.ready + 100);
    const faulty = changing(story, (event) => (event === lost ? [] : event));
    // What was sent, and all that its reader tells but for other receipts: when it was there, and that it listened.
    const isOf = (event: Event) =>
      ('message' in event && event.message === lost.message) ||
      ('session' in event &&
        event.session === lost.session &&
        (event.kind !== 'receive' || event.t > story.at.settle));
    fc.assert(
      fc.property(drawn, (steps) => {
        const told = mutated(faulty, steps);
        if (judge(told).outcome !== 'pass') return;
        // Only what makes the message no longer owed, or received after all, may have made it pass.
        const [had, has] = [faulty.events.filter(isOf), told.events.filter(isOf)];
        expect(has).not.toEqual(had);
      }),
      { numRuns: 40 },
    );
  });
});
