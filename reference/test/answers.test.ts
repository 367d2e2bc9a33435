import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assistant } from '../src/backend/answers/assistant.js';
import { Answers } from './support/answers.js';
import { freePort, stopAll, until, type Running } from './support/processes.js';
import { codeOf, Stage, type Login } from './support/service.js';

let stage: Stage;
let backend: Running;
let ada: Login;
let answers: Answers;

const long = 'What does a restart do, in 30 words?';
const short = 'What is a restart, in 5 words?';
const whole = (question: string) => assistant(question).join('');

beforeAll(async () => {
  stage = await Stage.open();
  await stage.auth();
  backend = await stage.backend();
  const [first] = await stage.users(1);
  if (!first) throw new Error('no user');
  ada = first;
  answers = new Answers(stage, ada);
});
afterAll(stopAll);

describe('an answer', () => {
  it('comes in parts with ids that count, ends, and is stored as it was said', async () => {
    const id = await answers.ask(short);
    const reading = await answers.read(id);
    await reading.closed;
    expect(reading.text).toBe(whole(short));
    expect(reading.end).toBe('done');
    expect(reading.frames.flatMap((frame) => frame.id ?? [])).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(await answers.stored(id)).toMatchObject({ state: 'done', text: whole(short), parts: 6 });
  });

  it('holds characters of several bytes, several code units and several code points', () => {
    const text = whole('Many of them, in 400 words?');
    expect(text).toContain('Zürich');
    expect(text).toContain('你好');
    expect(text).toContain('👩‍👩‍👧');
    expect(text.endsWith('∎')).toBe(true);
  });

  it('is the same answer when the question is sent again under its key', async () => {
    const id = await answers.ask(short, 'a key');
    expect(await answers.ask(short, 'a key')).toBe(id);
    const { status, body } = await answers.post('/answers', { question: long, key: 'a key' });
    expect([status, codeOf({ body })]).toEqual([409, 'key_conflict']);
  });

  it.each([
    [undefined, false],
    ['cuts-requests', true],
    ['no-drain', true],
  ] as const)('is ended by a backend that leaves; %s cuts it: %s', async (fault, isCut) => {
    const port = await freePort();
    const leaving = await stage.backend(port, fault);
    const there = new Answers(stage, ada, `http://127.0.0.1:${port}`);
    const reading = await (await there.read(await there.ask(long))).heard(2);
    leaving.kill('SIGTERM');
    await reading.closed;
    expect(reading.isCut).toBe(isCut);
    expect(reading.end).toBeUndefined();
    expect((await leaving.exited).code).toBe(0);
  });

  it("is nobody else's", async () => {
    const [other] = await stage.users(1);
    if (!other) throw new Error('no user');
    const id = await answers.ask(short);
    const theirs = new Answers(stage, other);
    await expect(theirs.read(id)).rejects.toThrow('404');
    expect((await theirs.cancel(id)).status).toBe(404);
    expect((await stage.get(`${stage.url}/answers/${id}`, other.access_token)).status).toBe(404);
  });

  it('is read again after any part, and after the last one only its end is said', async () => {
    const id = await answers.ask(short);
    await (
      await answers.read(id)
    ).closed;
    const pieces = assistant(short);
    const after = await answers.read(id, '3');
    await after.closed;
    expect(after.parts).toEqual(pieces.slice(3));
    const nothing = await answers.read(id, String(pieces.length));
    await nothing.closed;
    expect([nothing.parts, nothing.end]).toEqual([[], 'done']);
  });
});

describe('a cancelled answer', () => {
  it('ends, and does not go on after a restart', async () => {
    const id = await answers.ask(long);
    const reading = await (await answers.read(id)).heard(3);
    expect((await answers.cancel(id)).status).toBe(200);
    await reading.closed;
    expect(reading.end).toBe('cancelled');
    const stored = await answers.stored(id);
    expect(stored.state).toBe('cancelled');
    backend.kill('SIGKILL');
    await backend.exited;
    backend = await stage.backend();
    // Whoever takes up what is unfinished has done so by the time that another answer is over.
    await (
      await answers.read(await answers.ask(short))
    ).closed;
    expect(await answers.stored(id)).toEqual(stored);
  });
});

describe.each(['SIGTERM', 'SIGKILL'] as const)('an answer under way at a %s', (signal) => {
  it('goes on where it stopped, for readers that say where they stopped', async () => {
    const id = await answers.ask(long);
    const before = await (await answers.read(id)).heard(5);
    backend.kill(signal);
    await before.closed;
    await backend.exited;
    expect(before.end).toBeUndefined();
    backend = await stage.backend();
    const after = await answers.read(id, before.cursor);
    await after.closed;
    expect(before.text + after.text).toBe(whole(long));
    expect(after.end).toBe('done');
    expect((await answers.stored(id)).text).toBe(whole(long));
  });
});

describe('a drain', () => {
  it('is not held up by readers who come back on the connection that they have, nor by silent ones', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => answers.ask(long)));
    const silent = connect(stage.backendPort, '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const agent = new Agent({ keepAlive: true });
    const leaving = ids.map((id) => comeBackAtOnce(agent, id));
    backend.kill('SIGTERM');
    expect((await backend.exited).code).toBe(0);
    await Promise.all(leaving);
    agent.destroy();
    backend = await stage.backend();
  });

  /** Reads until it is refused or the door is closed, always on a kept connection where there is one. */
  async function comeBackAtOnce(agent: Agent, id: string): Promise<void> {
    const options = { agent, headers: { authorization: `Bearer ${ada.access_token}` } };
    for (;;) {
      const asked = get(`${stage.url}/answers/${id}/stream`, options);
      const response = await once(asked, 'response').then(
        ([first]) => first as IncomingMessage,
        () => undefined,
      );
      if (response === undefined) return;
      response.resume();
      await once(response, 'close');
      if (response.statusCode !== 200) return;
    }
  }
});

describe('several backends on one database', () => {
  it('make each part once, and take up what another leaves', async () => {
    const port = await freePort();
    const other = await stage.backend(port);
    const there = new Answers(stage, ada, `http://127.0.0.1:${port}`);
    const ids = await Promise.all(Array.from({ length: 6 }, () => answers.ask(long)));
    const readings = await Promise.all(ids.map((id) => there.read(id)));
    await Promise.all(readings.map((reading) => reading.heard(3)));
    backend.kill('SIGKILL');
    await Promise.all(readings.map(({ closed }) => closed));
    expect(readings.map(({ text }) => text)).toEqual(ids.map(() => whole(long)));
    other.kill('SIGTERM');
    await other.exited;
    backend = await stage.backend();
  });

  it('do not append for a maker whose lease another has taken over', async () => {
    const id = await answers.ask(long);
    await (await answers.read(id)).heard(3);
    await stage.sql(
      `UPDATE answers SET maker = 'another', leased_until = now() + interval '1 hour' WHERE id = $1`,
      [id],
    );
    const head = async () => (await answers.stored(id)).parts;
    const taken = await head();
    await (
      await answers.read(await answers.ask(short))
    ).closed;
    expect(await head()).toBe(taken);
    await stage.sql('UPDATE answers SET leased_until = now() WHERE id = $1', [id]);
    await until(async () => (await answers.stored(id)).state === 'done');
    expect((await answers.stored(id)).text).toBe(whole(long));
  });
});
