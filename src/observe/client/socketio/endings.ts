import type { DisconnectDescription, Socket } from 'socket.io-client';
import { messageOf } from '../../../base/errors.js';
import { type Closed, DialFailed } from '../port.js';

/** Close codes of the WebSocket below that say nothing: none was sent, or the usual one, after which this library comes back. */
const saysNothing = new Set([1000, 1005]);

/**
 * How a connection ended. A server that says `socket.disconnect()` makes the library stay away, as 1000 makes users of a
 * plain WebSocket: it is told as that code. A transport that the server closes in good order has no code that means anything.
 */
export function closedBy(reason: Socket.DisconnectReason, details?: DisconnectDescription): Closed {
  if (reason === 'io server disconnect') return { by: 'target', code: 1000, reason };
  if (reason === 'io client disconnect') return { by: 'session', reason };
  if (reason === 'parse error') return { by: 'session', reason: said(reason, details) };
  if (reason !== 'transport close') return { by: 'network', reason: said(reason, details) };
  const code = codeIn(details);
  if (code === 1006) return { by: 'network', code, reason };
  return code === undefined || saysNothing.has(code)
    ? { by: 'target', reason }
    : { by: 'target', code, reason };
}

/** An attempt that came to nothing before the namespace was asked for. */
export function unreached(error: Error): DialFailed {
  const status = statusOf(error);
  const words = status === undefined ? causeOf(error) : (answerIn(error) ?? error.message);
  const about = status === undefined ? {} : { status, unauthorized: status === 401 || status === 403 };
  return new DialFailed(isUnreached(error) ? 'dial' : 'handshake', words, about);
}

/** A message of the library says only that a request failed; what it failed of is in its description. */
function causeOf(error: Error): string {
  const answer = answerIn(error);
  const inner = fieldsOf(error)['description'];
  const why = answer ?? (inner instanceof Error ? messageOf(inner) : hasMessage(inner) ? inner.message : '');
  const [line = ''] = why.split('\n');
  return line === '' || line === error.message ? error.message : `${error.message}: ${line}`;
}

/** Of an HTTP answer: polling gives the number, a WebSocket says it in words. */
function statusOf(error: Error): number | undefined {
  const { description } = fieldsOf(error);
  if (typeof description === 'number') return description === 0 ? undefined : description;
  const found = /Unexpected server response: (\d{3})/.exec(
    hasMessage(description) ? description.message : '',
  );
  return found ? Number(found[1]) : undefined;
}

/** What the server answered to a poll that it refused; where it was not reached, what the request failed of. */
function answerIn(error: Error): string | undefined {
  const { responseText } = fieldsOf(fieldsOf(error)['context']);
  return typeof responseText === 'string' && responseText.trim() !== '' ? responseText.trim() : undefined;
}

const isUnreached = (error: Error) =>
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/.test(causeOf(error));

function said(reason: string, details?: DisconnectDescription): string {
  const why = details instanceof Error ? causeOf(details) : '';
  return why === '' || why === reason ? reason : `${reason}: ${why}`;
}

function codeIn(details?: DisconnectDescription): number | undefined {
  const { code } = fieldsOf(fieldsOf(details)['context']);
  return typeof code === 'number' ? code : undefined;
}

const hasMessage = (value: unknown): value is { readonly message: string } =>
  typeof fieldsOf(value)['message'] === 'string';

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
