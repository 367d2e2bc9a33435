import type { Context } from 'hono';
import type { Hono } from 'hono/tiny';
import {
  bearerOf,
  createApplication,
  readJson,
  requireAdministrator,
  type ApplicationOptions,
} from '../http/application.js';
import { z } from '../shapes.js';
import { Refusal, unauthorized, unavailable } from '../http/refusal.js';
import type { Identity } from '../tokens/access-token.js';
import { addAnswers } from './answers/routes.js';
import type { AnswerStreams } from './answers/streams.js';
import { storedMessage } from './frames.js';
import { createThreads } from './membership.js';
import { admit, type BackendParts } from './parts.js';

const name = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !value.includes('\0'), 'expected text without NUL');
const threadsBody = z.object({
  threads: z
    .array(z.object({ name, members: z.array(name).max(10_000) }))
    .min(1)
    .max(10_000),
});
const pageQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** What the routes wake, and hand readers to. */
export interface Answering {
  readonly streams: AnswerStreams;
  asked(): void;
}

/** The routes of the backend. */
export function createBackendApplication(
  parts: BackendParts,
  { ADMIN_KEY }: { readonly ADMIN_KEY?: string | undefined },
  options: ApplicationOptions & { readonly answering: Answering },
): Hono {
  const application = createApplication(options);
  addRecords(application, parts);
  addHistory(application, parts);
  addAnswers(application, {
    ...options.answering,
    parts,
    identify: (context) => requireIdentity(context, parts),
  });
  application.post('/admin/threads', async (context) => {
    requireAdministrator(context, ADMIN_KEY);
    const { threads } = await readJson(context, threadsBody);
    return context.json({ threads: await createThreads(parts.pool, threads) }, 201);
  });
  return application;
}

function addRecords(application: Hono, parts: BackendParts): void {
  application.get('/users/me', async (context) => {
    const { userId } = await requireIdentity(context, parts);
    return context.json(found(await parts.records.user(userId)));
  });
  application.get('/sessions/me', async (context) => {
    const { sessionId } = await requireIdentity(context, parts);
    return context.json(found(await parts.records.session(sessionId)));
  });
}

function addHistory(application: Hono, parts: BackendParts): void {
  application.get('/threads/:id/messages', async (context) => {
    const { userId } = await requireIdentity(context, parts);
    const threadId = context.req.param('id');
    const query = pageQuery.safeParse(context.req.query());
    if (!query.success || threadId.includes('\0')) {
      throw new Refusal(400, 'bad_request', 'Expected after (a number from 0) and limit (1 to 500).');
    }
    const [isMember] = await parts.membership.hold([{ threadId, userId }]);
    if (!isMember) throw new Refusal(403, 'not_a_member', 'You are not a member of this thread.');
    const { after, limit } = query.data;
    const [reading] = await parts.log.read([{ threadId, after }], limit);
    const messages = reading?.messages ?? [];
    // A full page may be the last one; then the next is empty, and says so.
    return context.json({
      messages: messages.map(storedMessage),
      next: messages.length < limit ? null : reading?.next,
    });
  });
}

function found<T>(record: T | undefined): T {
  if (record === undefined) throw new Refusal(404, 'not_found', 'There is no such record.');
  return record;
}

/** @throws Refusal 401 for a bad, expired or revoked token; 503 when that cannot be said just now */
async function requireIdentity(context: Context, parts: BackendParts): Promise<Identity> {
  const token = bearerOf(context.req.header('authorization'));
  if (token === undefined) throw unauthorized('This needs an access token.');
  const admission = await admit(parts, token);
  if (admission.verdict === 'unsure') throw unavailable(admission.reason);
  if (admission.verdict === 'out') throw unauthorized('The access token is not valid.');
  return admission.identity;
}
