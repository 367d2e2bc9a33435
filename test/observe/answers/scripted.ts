import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Seen } from '../../../src/history/events.js';
import {
  AnswerReader,
  answerService,
  type AnswersOptions,
  type AnswerService,
} from '../../../src/observe/answers/index.js';

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A real HTTP server for one test: each stream is answered by the next of these, the last one again and again. */
export async function serve(
  ...handlers: readonly Handler[]
): Promise<{ origin: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push(request);
    const handler = handlers[Math.min(asked.length, handlers.length) - 1];
    handler?.(request, response, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Says these frames; `ends`: and closes the connection. */
export const saying =
  (frames: readonly string[], { ends = true } = {}): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frames.join(''));
    if (ends) response.end();
  };

export const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(code, headers).end();

export const part = (id: number, text: string): string =>
  `id: ${id}\nevent: part\ndata: ${JSON.stringify({ text })}\n\n`;
export const end = 'event: end\ndata: {"state":"done"}\n\n';

export interface Reading {
  readonly reader: AnswerReader;
  readonly seen: Seen[];
  readonly rejected: string[];
  readonly broken: string[];
  readonly service: AnswerService;
  /** Resolves when such an event was seen. */
  saw(kind: Seen['kind'], step?: string): Promise<void>;
}

/** The service of these options at this origin. */
export function serviceAt(
  origin: string,
  options: Partial<AnswersOptions> = {},
  broken: string[] = [],
): AnswerService {
  return answerService(
    { url: `${origin}/answers`, ...options },
    { resolve: (text) => text, clean: (text) => text, broken: (error) => void broken.push(error.message) },
  );
}

/** A reader of answer `x` as `a1`. */
export function read(origin: string, options: Partial<AnswersOptions> = {}): Reading {
  const seen: Seen[] = [];
  const rejected: string[] = [];
  const broken: string[] = [];
  const waiting: (() => void)[] = [];
  const service = serviceAt(origin, options, broken);
  const observe = (event: Seen) => {
    seen.push(event);
    for (const look of waiting) look();
  };
  const credentials = () => Promise.resolve({ token: 'the-token', label: `t${rejected.length + 1}` });
  const reader = new AnswerReader({
    ...{ service, stream: 'a1', id: 'x' },
    asker: { credentials, rejected: ({ label }) => void rejected.push(label), observe, random: () => 0.01 },
    digest: (text) => `digest of ${text}`,
    clean: (text) => text,
  });
  onTestFinished(() => reader.stop());
  const saw = (kind: Seen['kind'], step?: string) =>
    new Promise<void>((resolve) => {
      const isIt = (event: Seen) =>
        event.kind === kind && (step === undefined || ('step' in event && event.step === step));
      const look = () => (seen.some(isIt) ? resolve() : undefined);
      waiting.push(look);
      look();
    });
  return { reader, seen, rejected, broken, service, saw };
}
