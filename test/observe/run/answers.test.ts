import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import type { Event, EventOf } from '../../../src/history/events.js';
import type { AnswersOptions } from '../../../src/observe/answers/index.js';
import { createKeeper } from '../../../src/observe/identity/index.js';
import { createRecorder, type Recorder } from '../../../src/observe/record/index.js';
import { Answers } from '../../../src/observe/run/answers.js';
import { Board } from '../../../src/observe/run/board.js';
import type { Member } from '../../../src/observe/run/member.js';
import { createScope, type Scope } from '../../../src/system/index.js';
import { end, part, serve, serviceAt } from '../answers/scripted.js';

let folder = '';
let recorder: Recorder;
let scope: Scope;
let board: Board;
const events: Event[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answers-test-'));
  recorder = createRecorder({ file: path.join(folder, 'history.ndjson') });
  scope = createScope(() => undefined);
  board = new Board();
  events.length = 0;
  recorder.watch((event) => {
    events.push(event);
    board.see(event);
  });
});
afterEach(async () => {
  await scope[Symbol.asyncDispose]();
  await recorder[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Says three parts of every answer, and the end where it is one of those. */
const service = (finished: (id: number) => boolean, refuses = false) => {
  let asked = 0;
  const cancelled = new Set<string>();
  return (request: IncomingMessage, response: ServerResponse) => {
    const [, , id = '', what] = (request.url ?? '').split('/');
    if (request.method === 'POST' && what === 'cancel') {
      cancelled.add(id);
      response.end('{}');
    } else if (request.method === 'POST') {
      response.writeHead(refuses ? 503 : 201).end(JSON.stringify({ id: String(++asked) }));
    } else if (what === 'stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(part(1, 'one ') + part(2, 'two ') + part(3, 'three '));
      if (finished(Number(id))) response.end(end);
    } else {
      const state = cancelled.has(id) ? 'cancelled' : finished(Number(id)) ? 'done' : 'running';
      response.end(JSON.stringify({ id, state, text: 'one two three ' }));
    }
  };
};

function memberOf(session: string): Member {
  const observe = recorder.session(session);
  const user = { id: session, name: session, secret: '' };
  const keeper = createKeeper({
    ...{ session, observe, redactor: recorder.redactor, user },
    signIn: { name: 'fixed', lacks: {}, signIn: () => Promise.resolve({ token: 'token-1' }) },
  });
  return { planned: { session, role: 'chatter', rooms: ['r1'] }, user, keeper, observe } as unknown as Member;
}

function answersAt(origin: string, options: Partial<AnswersOptions> = {}): Answers {
  return new Answers({
    service: serviceAt(origin, { count: 2, silenceMs: 100, ...options }),
    members: [memberOf('1'), memberOf('2'), memberOf('3')],
    board,
    stage: {
      recorder,
      scope,
      random: seeded('seed'),
      signal: AbortSignal.timeout(20_000),
      setup: { run: 'run' },
    },
  });
}

const steps = (stream: string) =>
  events
    .filter((event): event is EventOf<'stream'> => event.kind === 'stream' && event.stream === stream)
    .map(({ step }) => step);
const storedAs = (at: 'before' | 'after') =>
  events.filter(
    (event): event is EventOf<'stored-answer'> => event.kind === 'stored-answer' && event.at === at,
  );

describe('the questions of a run', () => {
  it('leave answers under way, one that is over and one that is cancelled, and read all of them in the end', async () => {
    const { origin } = await serve(service((id) => id === 1));
    const answers = answersAt(origin);
    answers.begin();
    await answers.begun();
    expect(steps('a1')).toEqual(['ask', 'asked', 'connect', 'open', 'end']);
    expect(steps('a2')).toEqual(['ask', 'asked', 'connect', 'open', 'cancel', 'cancelled']);
    expect(storedAs('before').map(({ stream, state }) => `${stream} ${state}`)).toEqual(['a2 cancelled']);
    for (const stream of ['a3', 'a4']) {
      expect(
        events.filter((event) => event.kind === 'part' && event.stream === stream).length,
      ).toBeGreaterThan(1);
    }
    await answers.finished();
    expect(steps('a3').at(-1)).toBe('give-up');
    await answers.audit();
    expect(
      storedAs('after')
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual(['a1', 'a2', 'a3', 'a4']);
    // Each is asked in the name of another session.
    const askers = events.flatMap((event) =>
      event.kind === 'stream' && event.step === 'ask' ? [event.session] : [],
    );
    expect(new Set(askers).size).toBe(3);
  });

  it('wait for answers that still come, and not for those of which nothing comes any more', async () => {
    const { origin } = await serve(service(() => false));
    const answers = answersAt(origin);
    await answers.begun();
    await answers.finished();
    expect(events.filter((event) => event.kind === 'stream' && event.step === 'give-up')).toMatchObject([
      { reason: 'silence', units: 14 },
      { reason: 'silence', units: 14 },
    ]);
  });

  it('say why none is answered, and go on', async () => {
    const { origin } = await serve(service(() => false, true));
    const answers = answersAt(origin);
    answers.begin();
    await answers.begun();
    await answers.finished();
    await answers.audit();
    expect(steps('a1')).toEqual(['ask', 'refused']);
    expect(events.find((event) => event.kind === 'stream' && event.step === 'refused')).toMatchObject({
      reason: expect.stringMatching(/to answer with 2xx; it answered with status 503/),
    });
  });

  it('cancel nothing where answers cannot be cancelled', async () => {
    const { origin } = await serve(service((id) => id === 1));
    const answers = answersAt(origin, { cancel: false });
    answers.begin();
    await answers.begun();
    expect(events.some((event) => event.kind === 'stream' && event.purpose === 'cancel')).toBe(false);
  });
});
