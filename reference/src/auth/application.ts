import type { Context } from 'hono';
import type { Hono } from 'hono/tiny';
import { z } from '../shapes.js';
import type { AuthConfiguration } from '../configuration.js';
import {
  bearerOf,
  createApplication,
  readJson,
  requireAdministrator,
  type ApplicationOptions,
} from '../http/application.js';
import { Refusal, unauthorized, unavailable } from '../http/refusal.js';
import { verifyAccessToken, type Identity } from '../tokens/access-token.js';
import type { User } from './accounts.js';
import { cacheSeconds } from './keys.js';
import type { AuthParts } from './parts.js';

// PostgreSQL cannot hold a NUL in text, so no name has one.
const text = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !value.includes('\0'), 'expected text without NUL');
const lifetime = z.number().int().min(1).optional();
const loginBody = z.object({
  username: text,
  password: z.string().min(1).max(1000),
  lifetime_seconds: lifetime,
});
const refreshBody = z.object({ refresh_token: z.string().min(1).max(500), lifetime_seconds: lifetime });
const usersBody = z.object({
  password: z.string().min(8).max(1000),
  names: z.array(text).min(1).max(10_000),
});

type Limits = Pick<AuthConfiguration, 'ACCESS_TOKEN_SECONDS' | 'ADMIN_KEY'>;

/** The routes of auth. */
export function createAuthApplication(parts: AuthParts, limits: Limits, options: ApplicationOptions): Hono {
  const application = createApplication(options);
  addSigningIn(application, parts, limits);
  addVerifying(application, parts);
  addAdministration(application, parts, limits);
  return application;
}

function addSigningIn(application: Hono, parts: AuthParts, limits: Limits): void {
  application.post('/auth/login', async (context) => {
    const body = await readJson(context, loginBody);
    const lifetimeSeconds = shorten(body.lifetime_seconds, limits);
    const { accounts, attempts, sessions, refreshTokens } = parts;
    const user = await attempts.attempt(body.username, () =>
      accounts.authenticate(body.username, body.password),
    );
    if (!user) throw new Refusal(401, 'invalid_credentials', 'The name or the password is wrong.');
    const sessionId = await sessions.open(user.id);
    const refreshToken = await refreshTokens.issue(sessionId);
    return grant(context, parts, { user, sessionId, lifetimeSeconds, refreshToken });
  });
  application.post('/auth/refresh', async (context) => {
    const body = await readJson(context, refreshBody);
    const lifetimeSeconds = shorten(body.lifetime_seconds, limits);
    return grant(context, parts, { ...(await exchange(parts, body.refresh_token)), lifetimeSeconds });
  });
  application.post('/auth/logout', async (context) => {
    const { sessionId } = await requireIdentity(context, parts);
    await parts.sessions.revoke(sessionId);
    return context.body(null, 204);
  });
}

/** @throws Refusal 401 when the token is unknown, expired, revoked or was stolen */
async function exchange(parts: AuthParts, token: string): Promise<Omit<Grant, 'lifetimeSeconds'>> {
  const result = await parts.refreshTokens.exchange(token);
  if (result.outcome === 'reused') {
    // Two hold this token, and one of them stole it: nobody keeps the session.
    await parts.sessions.revoke(result.sessionId);
    throw new Refusal(401, 'refresh_reused', 'This token was already exchanged. The session is revoked.');
  }
  const user = result.outcome === 'exchanged' ? await userOfSession(parts, result.sessionId) : undefined;
  if (!user || result.outcome === 'unknown') {
    throw new Refusal(401, 'invalid_refresh', 'This token is unknown, expired or revoked.');
  }
  return { user, sessionId: result.sessionId, refreshToken: result.child };
}

function addVerifying(application: Hono, parts: AuthParts): void {
  application.get('/auth/verify', async (context) => {
    const { userId, name, sessionId, expiresAt } = await requireIdentity(context, parts);
    return context.json({
      user_id: userId,
      name,
      session_id: sessionId,
      expires_at: new Date(expiresAt).toISOString(),
    });
  });
  application.get('/.well-known/jwks.json', async (context) => {
    const keys = await parts.keys.published();
    context.header('cache-control', `public, max-age=${cacheSeconds}`);
    return context.json({ keys });
  });
}

function addAdministration(application: Hono, { accounts, keys }: AuthParts, limits: Limits): void {
  application.post('/admin/users', async (context) => {
    requireAdministrator(context, limits.ADMIN_KEY);
    const { names, password } = await readJson(context, usersBody);
    return context.json({ users: await accounts.create(names, password) }, 201);
  });
  application.post('/admin/keys/rotate', async (context) => {
    requireAdministrator(context, limits.ADMIN_KEY);
    const { keyId, signsFrom } = await keys.rotate();
    return context.json({ kid: keyId, signs_from: signsFrom.toISOString() }, 201);
  });
}

interface Grant {
  readonly user: User;
  readonly sessionId: string;
  readonly lifetimeSeconds: number;
  readonly refreshToken: string;
}

async function grant(
  context: Context,
  { keys }: AuthParts,
  { user, sessionId, lifetimeSeconds, refreshToken }: Grant,
) {
  const token = await keys.sign({ userId: user.id, name: user.name, sessionId }, lifetimeSeconds);
  context.header('cache-control', 'no-store');
  return context.json({
    access_token: token,
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
    refresh_token: refreshToken,
    user: { id: user.id, name: user.name },
    session_id: sessionId,
  });
}

async function userOfSession(
  { sessions, accounts }: AuthParts,
  sessionId: string,
): Promise<User | undefined> {
  const userId = await sessions.userOf(sessionId);
  return userId === undefined ? undefined : accounts.find(userId);
}

/** @throws Refusal 401 for a bad, expired or revoked token; 503 when that cannot be said just now */
async function requireIdentity(context: Context, { keys, sessions }: AuthParts): Promise<Identity> {
  const token = bearerOf(context.req.header('authorization'));
  if (token === undefined) throw unauthorized('This needs an access token.');
  const admission = await verifyAccessToken(token, keys.find);
  if (admission.verdict === 'unsure') throw unavailable(admission.reason);
  if (admission.verdict === 'out') throw unauthorized('The access token is not valid.');
  if ((await sessions.userOf(admission.identity.sessionId)) === undefined)
    throw unauthorized('The session is revoked.');
  return admission.identity;
}

/** A caller may only shorten a token's life. */
function shorten(asked: number | undefined, { ACCESS_TOKEN_SECONDS: longest }: Limits): number {
  if (asked === undefined) return longest;
  if (asked > longest) throw new Refusal(400, 'bad_request', `lifetime_seconds: expected 1 to ${longest}.`);
  return asked;
}
