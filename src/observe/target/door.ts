import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { messageOf } from '../../base/errors.js';
import { isOwnEcho } from '../../system/ports.js';
import { eitherOf } from '../../system/signals.js';
import type { Address } from './address.js';
import type { Look } from './port.js';

/** The whole of one look, in ms. */
const lookWithinMs = 1_000;
const maxBytes = 64 * 1024;

/**
 * One look at a door, on a connection of its own: a pooled one would show the instance that it was made to, and would hold up
 * the draining of the service. Never throws.
 */
export async function lookAt(
  address: Address,
  instance: string | undefined,
  signal: AbortSignal,
): Promise<Look> {
  const timer = AbortSignal.timeout(lookWithinMs);
  const limit = eitherOf([signal, timer]);
  try {
    return address.scheme === 'tcp' ? await knock(address, limit) : await ask(address, instance, limit);
  } catch (error) {
    return failed(error, timer.aborted);
  }
}

async function knock({ host, port }: Address, signal: AbortSignal): Promise<Look> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return isOwnEcho(socket) ? nobody : { up: true, ready: true, refused: false };
  } finally {
    // What comes of a socket that was let go tells nothing more.
    socket.on('error', () => undefined).destroy();
  }
}

async function ask(
  { scheme, url }: Address,
  instance: string | undefined,
  signal: AbortSignal,
): Promise<Look> {
  const request = (scheme === 'https' ? httpsRequest : httpRequest)(url, { agent: false, signal });
  // Asked at once: a socket that has ended has forgotten both its ends.
  const met = { somebody: false };
  request.once('socket', (socket) => {
    socket.once('connect', () => (met.somebody = !isOwnEcho(socket)));
  });
  request.end();
  try {
    const [response]: IncomingMessage[] = await once(request, 'response');
    return response ? await judged(response, instance) : nobody;
  } catch (error) {
    if (!met.somebody) throw error;
    // Cut off or garbage: somebody accepted the connection.
    return { up: true, ready: false, refused: false, reason: reasonOf(error, signal) };
  } finally {
    request.on('error', () => undefined).destroy();
  }
}

async function judged(response: IncomingMessage, instance: string | undefined): Promise<Look> {
  const status = response.statusCode ?? 0;
  const base = { up: true, refused: false };
  const header = instance?.startsWith('header:') ? instance.slice('header:'.length).toLowerCase() : null;
  const told = header === null ? await fieldIn(response, instance) : [response.headers[header]].flat()[0];
  const named = told === undefined ? {} : { instance: told };
  if (status < 200 || status > 299) return { ...base, ...named, ready: false, reason: `status ${status}` };
  if (instance === undefined || told !== undefined) return { ...base, ...named, ready: true };
  const where = header === null ? `JSON with the field ${instance}` : `the header ${header}`;
  return {
    ...base,
    ready: false,
    reason: `status ${status}, but without ${where}, which names the instance`,
  };
}

/** A field of a JSON answer; dots lead inside. Undefined where it is not there. The body is read to its end or 64 KiB. */
async function fieldIn(response: IncomingMessage, field: string | undefined): Promise<string | undefined> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > maxBytes) return undefined;
  }
  if (field === undefined) return undefined;
  const value = field.split('.').reduce<unknown>((inner, key) => child(inner, key), parsed(text));
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const child = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;

const nobody: Look = { up: false, ready: false, refused: true, reason: 'connection refused' };

function failed(error: unknown, late: boolean): Look {
  if (isRefusal(error)) return nobody;
  const reason = late ? `no answer within ${lookWithinMs} ms` : messageOf(error);
  // A reset comes from somebody who had accepted.
  return { up: codeOf(error) === 'ECONNRESET', ready: false, refused: false, reason };
}

/** A name with several addresses refuses when each of them does. */
function isRefusal(error: unknown): boolean {
  return error instanceof AggregateError ? error.errors.every(isRefusal) : codeOf(error) === 'ECONNREFUSED';
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return `connected, but no answer within ${lookWithinMs} ms`;
  return codeOf(error).startsWith('HPE_')
    ? 'an answer that is not HTTP'
    : `connected, then ${messageOf(error)}`;
}
