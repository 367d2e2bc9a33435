import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Hono } from 'hono/tiny';
import type { z } from '../shapes.js';
import type { Logger } from '../logger.js';
import { isUnavailable } from '../storage/pool.js';
import { Refusal, unauthorized, unavailable } from './refusal.js';

export interface ApplicationOptions {
  readonly service: string;
  /** Made anew by every process: how a restart is seen from outside. */
  readonly boot: string;
  readonly logger: Logger;
  /** Whether the next request would be served. */
  isReady(): boolean | Promise<boolean>;
}

const largestBody = 1024 * 1024;

/** What every service of ours answers alike: health, readiness, errors, and which instance spoke. */
export function createApplication({ service, boot, logger, isReady }: ApplicationOptions): Hono {
  const application = new Hono();
  application.use(async (context, next) => {
    const begun = performance.now();
    await next();
    context.header('x-instance', boot);
    const { method, path } = context.req;
    logger.debug({ method, path, status: context.res.status, ms: performance.now() - begun }, 'answered');
  });
  const onError = () => {
    throw new Refusal(413, 'too_large', `A body is at most ${largestBody} bytes.`);
  };
  application.use(bodyLimit({ maxSize: largestBody, onError }));
  application.get('/health', (context) => context.json({ status: 'ok', service, boot }));
  application.get('/ready', async (context) => {
    const ready = await isReady();
    return context.json({ status: ready ? 'ok' : 'not_ready', service, boot }, ready ? 200 : 503);
  });
  application.notFound((context) => answer(context, new Refusal(404, 'not_found', 'There is nothing here.')));
  application.onError((error, context) => {
    if (!(error instanceof Refusal)) logger.error({ err: error, path: context.req.path }, 'a request failed');
    return answer(context, asRefusal(error));
  });
  return application;
}

function answer(context: Context, refusal: Refusal | undefined): Response {
  if (!refusal)
    return context.json({ error: { code: 'internal', message: 'Something went wrong here.' } }, 500);
  for (const [name, value] of Object.entries(refusal.headers)) context.header(name, value);
  return context.json(refusal.body, refusal.status);
}

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  return isUnavailable(error) ? unavailable('The database cannot answer just now.') : undefined;
}

/** @throws Refusal 400 when the body is not JSON of this shape */
export async function readJson<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const body: unknown = await context.req.json().catch(() => undefined);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Refusal(
    400,
    'bad_request',
    `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not understood'}`,
  );
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +([^\s]+)$/i.exec(header ?? '')?.[1];
}

/** @throws Refusal 404 when administration is off, 401 when the key is wrong */
export function requireAdministrator(context: Context, key: string | undefined): void {
  if (key === undefined) throw new Refusal(404, 'not_found', 'There is nothing here.');
  const given = bearerOf(context.req.header('authorization'));
  // Digests have one length, so the comparison tells nothing about the key's.
  const digest = (value: string) => createHash('sha256').update(value).digest();
  if (given === undefined || !timingSafeEqual(digest(given), digest(key)))
    throw unauthorized('This needs the admin key.');
}
