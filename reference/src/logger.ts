import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

const token = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** Structured lines on standard output. Nothing here logs a token; should one slip into an error's text, it is cut out. */
export function createLogger(service: string, boot: string, level: string): Logger {
  return pino({
    level,
    base: { service, boot },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: (line) => line.replace(token, '[token]') },
  });
}
