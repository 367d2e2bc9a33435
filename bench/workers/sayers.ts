// Says messages over bare `ws` clients, each the next one when the last has been acknowledged, and counts acknowledgements.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { report, settings } from '../support/in-worker.js';

export interface Saying {
  readonly url: string;
  readonly speakers: readonly { readonly token: string; readonly thread: string }[];
  readonly body: string;
  readonly warmUpMs: number;
  readonly ms: number;
}

export interface Said {
  readonly perSecond: number;
}

const { url, speakers, body, warmUpMs, ms } = await settings<Saying>();
let acknowledged = 0;

const sockets = await Promise.all(speakers.map(({ token, thread }, index) => speak(token, thread, index)));
await pause(warmUpMs);
const [before, began] = [acknowledged, performance.now()];
await pause(ms);
report({ perSecond: ((acknowledged - before) * 1_000) / (performance.now() - began) } satisfies Said);
for (const socket of sockets) socket.terminate();

async function speak(token: string, thread: string, index: number): Promise<WebSocket> {
  const socket = new WebSocket(url, ['chat', `bearer.${token}`], { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'join', thread_id: thread }));
  await once(socket, 'message');
  let number = 0;
  const say = () => {
    const id = `${process.pid}.${index}.${number++}`;
    socket.send(JSON.stringify({ type: 'chat_message', id, thread_id: thread, message: body }));
  };
  socket.on('message', (data) => {
    // The messages of the room come too; to read them is not what is measured.
    const frame = String(data);
    if (frame.startsWith('{"type":"error"')) throw new Error(`expected an acknowledgement, got ${frame}`);
    if (!frame.startsWith('{"type":"ack"')) return;
    acknowledged++;
    say();
  });
  say();
  return socket;
}
