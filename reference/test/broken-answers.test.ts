import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assistant } from '../src/backend/answers/assistant.js';
import { backendParts } from '../src/backend/parts.js';
import { startBackend, type RunningBackend } from '../src/backend/service.js';
import { backendSwaps } from '../src/broken/compose.js';
import type { FaultName } from '../src/broken/manifest.js';
import { backendConfiguration } from '../src/configuration.js';
import { createLogger } from '../src/logger.js';
import { Answers, type Reading } from './support/answers.js';
import { stopAll, until } from './support/processes.js';
import { adminKey, Stage } from './support/service.js';

let stage: Stage;
let answers: Answers;
let backend: RunningBackend;

const logger = createLogger('backend', 'test', 'silent');
const question = 'What does a restart do, in 20 words?';
const pieces = assistant(question);
const whole = pieces.join('');

beforeAll(async () => {
  stage = await Stage.open();
  await stage.auth();
  const [user] = await stage.users(1);
  if (!user) throw new Error('no user');
  answers = new Answers(stage, user);
});
afterEach(() => stop());
afterAll(stopAll);

/** The broken service in this process; its parts are made anew, so nothing that it kept is left. */
async function start(fault: FaultName): Promise<void> {
  const configuration = backendConfiguration({
    PORT: String(stage.backendPort),
    DATABASE_URL: stage.databaseUrl,
    AUTH_URL: stage.authUrl,
    ADMIN_KEY: adminKey,
  });
  const parts = await backendParts(configuration, logger);
  const wrong = await backendSwaps[fault]?.(parts);
  backend = await startBackend({ ...parts, ...wrong }, configuration, { boot: randomUUID(), logger });
}

const stop = () => backend.drain(AbortSignal.timeout(5_000));

interface Story {
  readonly id: string;
  readonly before: Reading;
  readonly after: Reading;
}

/** A reader of four parts, a restart, and the reader that comes back with its cursor. */
async function tell(fault: FaultName): Promise<Story> {
  await start(fault);
  const id = await answers.ask(question);
  const before = await (await answers.read(id)).heard(4);
  await stop();
  await before.closed;
  await start(fault);
  return { id, before, after: await answers.read(id, before.cursor) };
}

const overlap = ({ before, after }: Story) => before.parts.length + after.parts.length - pieces.length;

describe('a broken variant', () => {
  it('answers-cut-short: what was unfinished is over', async () => {
    const { id, before, after } = await tell('answers-cut-short');
    await after.closed;
    expect(after.end).toBe('done');
    const { text } = await answers.stored(id);
    // A part that was stored in the last moment may have been said to nobody.
    expect(text).toBe(before.text + after.text);
    expect(text.length).toBeLessThan(whole.length);
  });

  it('answers-never-end: who has come back gets everything but the end', async () => {
    const { before, after } = await tell('answers-never-end');
    await until(() => before.text + after.text === whole);
    const fresh = await answers.read(await answers.ask(question));
    await fresh.closed;
    expect([after.end, fresh.end]).toEqual([undefined, 'done']);
    await after.close();
  });

  it.each([
    ['answers-repeat-a-part', 1],
    ['answers-skip-a-part', -1],
    ['states-move-the-cursor', -1],
  ] as const)('%s: the seam does not fit', async (fault, parts) => {
    const story = await tell(fault);
    await story.after.closed;
    expect(overlap(story)).toBe(parts);
    expect(story.after.end).toBe('done');
  });

  it('answers-forget-cursors: everything comes again', async () => {
    const { after } = await tell('answers-forget-cursors');
    await after.closed;
    expect(after.text).toBe(whole);
  });

  it('answers-made-anew: what follows is of another answer', async () => {
    const { id, before, after } = await tell('answers-made-anew');
    await after.closed;
    const { text } = await answers.stored(id);
    expect(text.startsWith(before.text)).toBe(false);
    expect(text.endsWith(after.text)).toBe(true);
  });

  it('answers-cut-in-bytes: characters come again, or in halves', async () => {
    const { before, after } = await tell('answers-cut-in-bytes');
    await after.closed;
    expect(Number(before.cursor)).toBe(before.text.length);
    const bytes = Buffer.from(whole).subarray(before.text.length).toString();
    expect(after.text).toBe(bytes);
  });

  it('answers-hang: who comes back is let in and hears nothing', async () => {
    const { id, after } = await tell('answers-hang');
    await until(async () => (await answers.stored(id)).state === 'done');
    expect(after.frames).toEqual([]);
    await after.close();
  });

  it('cancels-in-memory: the next process goes on with what was cancelled', async () => {
    await start('cancels-in-memory');
    const id = await answers.ask(question);
    const reading = await (await answers.read(id)).heard(3);
    await answers.cancel(id);
    await reading.closed;
    expect([reading.end, (await answers.stored(id)).state]).toEqual(['cancelled', 'cancelled']);
    await stop();
    await start('cancels-in-memory');
    await until(async () => (await answers.stored(id)).state === 'done');
    expect((await answers.stored(id)).text).toBe(whole);
  });
});
