import { createHmac, createPublicKey } from 'node:crypto';
import { generateKeyPair, generateSecret, SignJWT } from 'jose';
import { messageOf } from '../../base/errors.js';
import type { CredentialKind } from '../../history/events.js';
import type { Redactor } from '../record/port.js';
import { misfits, type Misfit, type PublicKey } from './port.js';
import { decode, type Decoded } from './token.js';

/** A token that no target may let in. */
export interface Forgery {
  readonly kind: CredentialKind;
  /** Names this token in the history: unlike `kind`, no two forgeries share it. */
  readonly label: string;
  readonly token: string;
}

export interface ForgeryContext {
  /** A good token: what the forgeries are made from. */
  readonly token: string;
  /** The keys that the target verifies with, where they are public. */
  readonly publicKeys: readonly PublicKey[];
  /** Signs a token that must be refused, with the right key; absent where that key is not ours. */
  readonly misfit?: (kind: Misfit) => Promise<string>;
  readonly redactor: Pick<Redactor, 'add'>;
  /** Told of each kind that cannot be made here, with the reason. */
  readonly omit: (kind: CredentialKind, reason: string) => void;
}

/** Every forgery that can be made from a good token. Touches no network. */
export async function forgeries(context: ForgeryContext): Promise<readonly Forgery[]> {
  const decoded = decode(context.token);
  const forged = decoded ? await fromJwt(decoded, context) : fromOpaque(context);
  for (const { token } of forged) context.redactor.add(token);
  return forged;
}

async function fromJwt(decoded: Decoded, context: ForgeryContext): Promise<readonly Forgery[]> {
  return [
    { kind: 'tampered', label: 'tampered', token: tampered(decoded, context.token) },
    { kind: 'unsigned', label: 'unsigned', token: unsigned(decoded) },
    ...keyedWithPublicKey(decoded, context),
    ...(await keyedWithOurOwn(decoded, context)),
    ...(await signedAndWrong(decoded, context)),
  ];
}

/** A token without any structure that we know can only be damaged. */
function fromOpaque({ token, omit }: ForgeryContext): readonly Forgery[] {
  const opaque = 'the tokens are no JWTs';
  for (const kind of ['unsigned', 'public-key-hmac', 'foreign-key', ...misfits] as const) omit(kind, opaque);
  const middle = Math.floor(token.length / 2);
  const other = token[middle] === 'a' ? 'b' : 'a';
  const damaged = token.slice(0, middle) + other + token.slice(middle + 1);
  return [{ kind: 'tampered', label: 'tampered', token: damaged }];
}

/** Another payload under the signature of this one: it asks for an hour more. */
function tampered({ claims }: Decoded, token: string): string {
  const [header = '', , signature = ''] = token.split('.');
  const exp = typeof claims['exp'] === 'number' ? claims['exp'] + 3_600 : 4_102_444_800;
  return `${header}.${encoded({ ...claims, exp })}.${signature}`;
}

/** `alg: none`, no signature (RFC 8725, 2.1). */
function unsigned({ header, claims }: Decoded): string {
  return `${encoded({ ...header, alg: 'none' })}.${encoded(claims)}.`;
}

/** HMAC with what everybody may read: a verifier that lets the token choose the algorithm takes it for the shared secret. */
function keyedWithPublicKey(
  { header, claims }: Decoded,
  { publicKeys, omit }: ForgeryContext,
): readonly Forgery[] {
  const key = publicKeys.find(({ kid }) => kid === header['kid']) ?? publicKeys[0];
  if (!key) {
    // Where the key is shared there is no public one: nothing is left out.
    if (!isShared(header)) omit('public-key-hmac', 'the key that the target verifies with is not public');
    return [];
  }
  const signed = `${encoded({ ...header, alg: 'HS256' })}.${encoded(claims)}`;
  try {
    return formsOf(key).map(([form, secret]) => {
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      return { kind: 'public-key-hmac', label: `public-key-hmac-${form}`, token: `${signed}.${signature}` };
    });
  } catch (error) {
    omit('public-key-hmac', `the public key of the target cannot be read: ${messageOf(error)}`);
    return [];
  }
}

/** The texts under which a program may hold its public key. */
function formsOf(key: PublicKey): readonly (readonly [string, string])[] {
  const pem = createPublicKey({ key: { ...key }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();
  return [
    ['pem', pem],
    ['pem-trimmed', pem.trim()],
    ['jwk', JSON.stringify(key)],
  ];
}

/** The same header and claims, `kid` included, signed with a key that we made. */
async function keyedWithOurOwn(
  { header, claims }: Decoded,
  { omit }: ForgeryContext,
): Promise<readonly Forgery[]> {
  const algorithm = String(header['alg']);
  try {
    const key = isShared(header)
      ? await generateSecret(algorithm)
      : (await generateKeyPair(algorithm)).privateKey;
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ ...header, alg: algorithm })
      .sign(key);
    return [{ kind: 'foreign-key', label: 'foreign-key', token }];
  } catch (error) {
    omit('foreign-key', `no key for the algorithm of the tokens can be made: ${messageOf(error)}`);
    return [];
  }
}

async function signedAndWrong({ claims }: Decoded, context: ForgeryContext): Promise<readonly Forgery[]> {
  const forged: Forgery[] = [];
  for (const kind of misfits) {
    const reason = objectionTo(kind, claims, context);
    if (reason !== null) context.omit(kind, reason);
    else if (context.misfit) forged.push({ kind, label: kind, token: await context.misfit(kind) });
  }
  return forged;
}

function objectionTo(kind: Misfit, claims: Decoded['claims'], { misfit }: ForgeryContext): string | null {
  if (!misfit) return 'the key that tokens are signed with is the target’s own';
  if (kind === 'wrong-audience' && claims['aud'] === undefined) return 'the tokens name no audience';
  return null;
}

/** Signed with HMAC. */
const isShared = (header: Decoded['header']) => String(header['alg']).startsWith('HS');
const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
