import type { Context } from 'hono';
import type { Hono } from 'hono/tiny';
import { z } from '../../shapes.js';
import { readJson } from '../../http/application.js';
import { Refusal } from '../../http/refusal.js';
import type { Identity } from '../../tokens/access-token.js';
import type { BackendParts } from '../parts.js';
import type { Answer } from './answers.js';
import type { AnswerStreams } from './streams.js';

const storable = (value: string) => !value.includes('\0');
const questionBody = z.object({
  question: z.string().min(1).max(4_000).refine(storable, 'expected text without NUL'),
  key: z.string().min(1).max(200).refine(storable, 'expected text without NUL').optional(),
});

export interface AnswerRoutes {
  readonly parts: Pick<BackendParts, 'answers' | 'playback'>;
  readonly streams: AnswerStreams;
  /** Told when a question was stored. */
  asked(): void;
  /** @throws Refusal */
  identify(context: Context): Promise<Identity>;
}

/** Questions, and answers that come in parts. */
export function addAnswers(application: Hono, routes: AnswerRoutes): void {
  const { answers } = routes.parts;
  application.post('/answers', async (context) => {
    const { userId } = await routes.identify(context);
    const { question, key = crypto.randomUUID() } = await readJson(context, questionBody);
    const answer = await answers.ask(userId, question, key);
    if (!answer) throw new Refusal(409, 'key_conflict', 'That key belongs to another question.');
    routes.asked();
    return context.json(told(answer), 201);
  });
  application.get('/answers/:id', async (context) => {
    const answer = await ownAnswer(context, routes);
    return context.json({ ...told(answer), text: await answers.text(answer.id) });
  });
  application.post('/answers/:id/cancel', async (context) => {
    const { id } = await ownAnswer(context, routes);
    return context.json(told(found(await answers.cancel(id))));
  });
  application.get('/answers/:id/stream', (context) => stream(context, routes));
}

async function stream(context: Context, routes: AnswerRoutes): Promise<Response> {
  const { sessionId } = await routes.identify(context);
  const answer = await ownAnswer(context, routes);
  const cursor = context.req.header('last-event-id') ?? context.req.query('after');
  const player = await routes.parts.playback(answer, cursor);
  return context.body(routes.streams.follow(answer, sessionId, player), 200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // Balancers such as nginx would collect parts and hand them on together.
    'x-accel-buffering': 'no',
  });
}

/** @throws Refusal 404 for an answer that is not there, or is not this user's: which of the two is nobody's business */
async function ownAnswer(context: Context, { parts, identify }: AnswerRoutes): Promise<Answer> {
  const { userId } = await identify(context);
  const id = context.req.param('id') ?? '';
  const answer = storable(id) ? await parts.answers.find(id) : undefined;
  return found(answer?.userId === userId ? answer : undefined);
}

function found(answer: Answer | undefined): Answer {
  if (answer === undefined) throw new Refusal(404, 'not_found', 'There is no such answer.');
  return answer;
}

const told = ({ id, question, state, head }: Answer) => ({ id, question, state, parts: head });
