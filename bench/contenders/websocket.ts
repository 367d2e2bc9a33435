import { once } from 'node:events';
import WebSocket from 'ws';
import { clientKind } from '../support/crowd.js';
import type { Bare, Contender, Place } from './contender.js';

interface Frame {
  readonly type: string;
  readonly id: string;
  readonly message: string;
}

/** The mission's protocol: a frame for each message, its acknowledgement and its delivery. Compression is off on both sides. */
export const websocket: Contender = {
  library: 'ws',
  server: { worker: 'server' },
  address: (port) => `ws://127.0.0.1:${port}/chat`,
  ours: clientKind,
  bare,
};

async function bare(url: string, { room, token, heard }: Place): Promise<Bare> {
  const address = new URL(url);
  address.searchParams.set('token', token);
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'join', thread_id: room }));
  await once(socket, 'message');
  let waiting: { readonly id: string; readonly acknowledged: () => void } | undefined;
  socket.on('message', (data) => {
    const { type, id, message } = JSON.parse(String(data)) as Frame;
    if (type === 'chat_message') heard(message);
    else if (type === 'ack' && id === waiting?.id) waiting.acknowledged();
  });
  return {
    say(id, text, acknowledged) {
      waiting = { id, acknowledged };
      socket.send(JSON.stringify({ type: 'chat_message', id, thread_id: room, message: text }));
    },
  };
}
