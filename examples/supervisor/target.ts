import path from 'node:path';
import { attach, launch, supervisor } from 'outlast';
import chat from '../http-chat/outlast.config.js';

const ready = 'http://127.0.0.1:{port:chat}/health';

/** supervisord is ours, and ends with the run. */
const supervisord = launch({
  command: ['supervisord', '--configuration', '{file:supervisord.conf}'],
  cwd: import.meta.dirname,
  files: { 'supervisord.conf': 'supervisord.conf' },
  environment: {
    SERVER: path.resolve(import.meta.dirname, '../http-chat/server.js'),
    PORT: '{port:chat}',
    LOG: '{folder:data}/chat.log',
    JWT_SECRET: '{secret:jwt}',
  },
  ready,
});

/** The chat of examples/http-chat, which is supervisord's. `program`: `chat`, or `chat:*`, the group of it. */
export const target = (program: string) => ({
  ...chat.target,
  services: {
    supervisord,
    chat: attach({
      ready,
      instance: 'instance',
      startedBy: 'supervisord',
      manager: supervisor({ program, configuration: '{file:supervisord.conf}' }),
    }),
  },
});

export const workload = { sessions: 20, messagesPerSecond: 40, steady: '1s', quiet: '1s' } as const;
