// Chats as fast as the answers come: each connection says its next message when the last one has been answered. `ours` are
// our clients, the recorder and its journal on the disk. `bare` is a `ws` loop that sends the same again when its echo comes.
import { once, setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Seen } from '../../build/history/events.js';
import { tagOf } from '../../build/history/tag.js';
import type { Client } from '../../build/observe/client/index.js';
import { createRecorder, type Recorder } from '../../build/observe/record/index.js';
import {
  clientKind,
  connected,
  digest,
  eachOf,
  headerOf,
  run,
  seatOf,
  sessionNames,
} from '../support/crowd.js';
import { report, settings } from '../support/in-worker.js';

export interface Chattering {
  readonly side: 'ours' | 'bare';
  readonly url: string;
  readonly connections: number;
  /** Where the history is written, anew each time. */
  readonly file: string;
  readonly warmUpMs: number;
  readonly ms: number;
}

export interface Chattered {
  readonly messages: number;
  readonly ms: number;
  /** Processor time of this process, in µs. */
  readonly processorMicroseconds: number;
}

interface Loop {
  /** How many messages went there and back. */
  count(): number;
  /** Ends it; resolves when everything is written. */
  end(): Promise<void>;
  /** Rejects when what it did is not what it counted. */
  verify(): Promise<void>;
}

const { side, url, file, connections, warmUpMs, ms } = await settings<Chattering>();
report(await measured(side === 'ours' ? await ourLoop() : await bareLoop()));

async function measured(loop: Loop): Promise<Chattered> {
  await pause(warmUpMs);
  const [before, processor, began] = [loop.count(), process.cpuUsage(), performance.now()];
  await pause(ms);
  const messages = loop.count() - before;
  // What waits for the disk was not recorded yet: its time counts.
  await loop.end();
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(processor);
  await loop.verify();
  return { messages, ms: took, processorMicroseconds: user + system };
}

async function ourLoop(): Promise<Loop> {
  const recorder = createRecorder({ file });
  const sessions = sessionNames(connections);
  recorder.begin(
    headerOf(sessions.map((session) => ({ session, role: 'chatter', rooms: seatOf(session).rooms }))),
  );
  let received = 0;
  recorder.watch(({ kind }) => {
    if (kind === 'receive') received++;
  });
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const kind = clientKind(url);
  for (const session of sessions) {
    const observe = recorder.session(session);
    const client = await connected(kind, seatOf(session), observe);
    void converse({ session, client, observe, recorder, signal: over.signal });
  }
  return {
    count: () => received,
    async end() {
      over.abort();
      await recorder[Symbol.asyncDispose]();
    },
    async verify() {
      // A loop that is fast because it forgets would prove nothing.
      const recorded = (await readFile(file, 'utf8')).split('"kind":"receive"').length - 1;
      if (recorded !== received)
        throw new Error(`expected ${received} receipts in the history, got ${recorded}`);
    },
  };
}

interface Conversation {
  readonly session: string;
  readonly client: Client;
  readonly observe: (seen: Seen) => void;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** Tells of each message what a run's chat tells. */
async function converse({ session, client, observe, recorder, signal }: Conversation): Promise<void> {
  const [room = ''] = seatOf(session).rooms;
  for (let number = 1; !signal.aborted; number++) {
    const message = `${run}.${session}.${number}`;
    const text = textOf(message);
    observe({ kind: 'send', due: recorder.now(), room, message, digest: digest(text) });
    const { answer, ...about } = await client.send(
      { message, room, text },
      { signal, written: () => observe({ kind: 'written', message, attempt: 1 }) },
    );
    if (answer === 'ack') observe({ kind: 'ack', message, ...about });
    else if (!signal.aborted) throw new Error(`expected an acknowledgement, got ${answer}`);
  }
}

function textOf(message: string): string {
  return `${tagOf(message)} ${'words '.repeat(12)}`;
}

async function bareLoop(): Promise<Loop> {
  let echoed = 0;
  const sockets: WebSocket[] = [];
  await eachOf(sessionNames(connections), 16, async (session) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    sockets.push(socket);
    const id = `${run}.${session}.1`;
    const text = JSON.stringify({
      type: 'chat_message',
      id,
      thread_id: `room ${session}`,
      message: textOf(id),
    });
    socket.on('message', () => {
      echoed++;
      socket.send(text);
    });
    socket.send(text);
  });
  return {
    count: () => echoed,
    end() {
      for (const socket of sockets) socket.terminate();
      return Promise.resolve();
    },
    verify: () => Promise.resolve(),
  };
}
