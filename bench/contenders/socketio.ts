import { once } from 'node:events';
import * as library from 'socket.io-client';
import { socketIo } from '../../build/observe/client/index.js';
import { means } from '../support/crowd.js';
import type { Bare, Contender, Place } from './contender.js';

/** Events with acknowledgements. The library's own way in on both sides: polling first, then an upgrade. */
export const socketio: Contender = {
  library: 'socket.io-client',
  server: { worker: 'socketio-server' },
  address: (port) => `http://127.0.0.1:${port}`,
  ours: (url) =>
    socketIo(
      {
        url,
        auth: (token, { user }) => ({ token, user }),
        send: ({ id, room, text }) => ['say', id, room, text],
        acknowledge: (answer) => ({ position: (answer as Numbered).number }),
        receive: {
          said: (room, text, from, number) => ({
            ...{ room: String(room), text: String(text), from: String(from) },
            position: Number(number),
          }),
        },
        join: ({ room, after }) => ['join', room, after === null ? null : Number(after)],
        joined: (answer) => answer as { readonly head: number },
        resume: true,
      },
      means,
      library,
    ),
  bare,
};

interface Numbered {
  readonly number: number;
}

async function bare(url: string, { user, room, token, heard }: Place): Promise<Bare> {
  // Sessions do not share a connection.
  const socket = library.io(url, { forceNew: true, auth: { token, user } });
  await once(socket as unknown as NodeJS.EventEmitter, 'connect');
  await socket.emitWithAck('join', room, null);
  socket.on('said', (_room: string, text: string) => heard(text));
  return {
    say(id, text, acknowledged) {
      socket.emit('say', id, room, text, ({ number }: Numbered) => {
        if (typeof number !== 'number') throw new Error('expected an acknowledgement with a number');
        acknowledged();
      });
    },
  };
}
