import { z } from 'zod';
import type { JwtDescription, PasswordDescription, ProvisionDescription, UserNaming } from '../types.js';
import { address, expected, keys, known, listOf, mapping, oneOf, span, text, texts } from './parts.js';

const web = (what: string) => address(what, ['http:', 'https:']);
const user = mapping<UserNaming>('(number, run) => ({ name, password })').optional();

const passwords = keys('password({ … })', {
  kind: z.literal('password'),
  url: web('where name and password are posted'),
  refreshUrl: web('where a refresh token is posted').optional(),
  logoutUrl: web('where a session is ended').optional(),
  jwksUrl: web('where the keys are published').optional(),
  headers: texts('headers: { name: value }').optional(),
  user,
  body: mapping<NonNullable<PasswordDescription['body']>>('({ name, password }) => body').optional(),
  refreshBody: mapping<NonNullable<PasswordDescription['refreshBody']>>('(refreshToken) => body').optional(),
  shortLivedBody: mapping<NonNullable<PasswordDescription['shortLivedBody']>>(
    '({ name, password }, seconds) => body',
  ).optional(),
  grant: mapping<NonNullable<PasswordDescription['grant']>>(
    '(body) => ({ token, refreshToken, … })',
  ).optional(),
});

const symmetric = ['HS256', 'HS384', 'HS512'] as const;
const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const minted = keys('jwt({ … })', {
  kind: z.literal('jwt'),
  secret: text('the shared key').optional(),
  privateKey: text('the private key as PEM').optional(),
  algorithm: oneOf([...symmetric, ...asymmetric]).optional(),
  keyId: text('the kid of the header').optional(),
  claims: mapping<NonNullable<JwtDescription['claims']>>('({ id, name }) => claims').optional(),
  expiresIn: span().optional(),
  user,
})
  .superRefine(({ secret, privateKey, algorithm }, context) => {
    const problem = keyProblem(secret !== undefined, privateKey !== undefined, algorithm);
    if (problem) context.addIssue({ code: 'custom', path: [problem.at], message: problem.message });
  })
  .transform(({ expiresIn, ...rest }): JwtDescription => ({ ...rest, ...known({ expiresInMs: expiresIn }) }));

function keyProblem(secret: boolean, privateKey: boolean, algorithm: string | undefined) {
  if (secret === privateKey) return { at: 'secret', message: 'expected either `secret` or `privateKey`' };
  const fitting: readonly string[] = secret ? symmetric : asymmetric;
  if (algorithm === undefined || fitting.includes(algorithm)) return null;
  return {
    at: 'algorithm',
    message: `expected one that fits a ${secret ? 'secret' : 'private key'}: ${fitting.join(', ')}`,
  };
}

const shown = keys('credentials({ … })', { kind: z.literal('credentials'), user });
const nobody = keys('anonymous({ … })', { kind: z.literal('anonymous'), user });

export const users = z.discriminatedUnion(
  'kind',
  [passwords, minted, shown, nobody],
  expected('password({ … }), jwt({ … }), credentials({ … }) or anonymous()'),
);

type Of<Kind extends ProvisionDescription['kind']> = Extract<ProvisionDescription, { readonly kind: Kind }>;

const kind = z.literal('provision');
const namedUser = keys('a user: { name, password, id }', {
  name: text('a name'),
  password: z.string(expected('a password')).optional(),
  id: text("the target's id of the user").optional(),
});

const given = keys('provision({ users, rooms })', {
  kind,
  users: listOf(namedUser, 'users: [{ name, password }]').min(1, expected('at least one user')),
  rooms: listOf(text('the id of a room'), 'ids of rooms').min(1, expected('at least one room')),
}).transform((rest): Of<'given'> => ({ ...rest, kind: 'given' }));

const named = keys('provision({ room })', {
  kind,
  room: mapping<(room: string, run: string) => string>('(room, run) => id'),
}).transform((rest) => ({ ...rest, kind: 'named' as const }));

const mission = keys('provision({ auth, backend, adminKey })', {
  kind,
  auth: web('the address of auth'),
  backend: web('the address of the backend'),
  adminKey: text('the key of the admin routes'),
}).transform((rest): Of<'mission'> => ({ ...rest, kind: 'mission' }));

const custom = keys('provision({ setUp, tearDown })', {
  kind,
  setUp: mapping<Of<'custom'>['setUp']>('(population, { signal }) => ({ users, rooms })'),
  tearDown: mapping<NonNullable<Of<'custom'>['tearDown']>>('({ signal }) => …').optional(),
}).transform((rest): Of<'custom'> => ({ ...rest, kind: 'custom' }));

/** `check.ts` puts in who the users are. */
type CheckedProvision = Of<'given' | 'mission' | 'custom'> | z.output<typeof named>;

/** Which of the four is meant shows in the first of its keys. */
const ways = [
  { by: 'setUp', schema: custom },
  { by: 'adminKey', schema: mission },
  { by: 'users', schema: given },
  { by: 'room', schema: named },
] as const;

const made =
  'provision({ … }) with users and rooms, with room, with auth, backend and adminKey, or with setUp and tearDown';

export const provision = z
  .looseObject({ kind }, expected(made))
  .transform((input, context): CheckedProvision => {
    const schema = ways.find(({ by }) => by in input)?.schema;
    const result = schema?.safeParse(input);
    if (result?.success) return result.data;
    const issues = result?.error.issues ?? [
      { code: 'custom' as const, path: [], message: `expected ${made}` },
    ];
    for (const issue of issues)
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    return z.NEVER;
  });
