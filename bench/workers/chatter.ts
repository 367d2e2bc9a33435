// Chats as fast as the answers come: each connection says its next message when the last one has been answered. `ours` is what
// a run does for a message: the schedule's chat, the client, the recorder and its journal on the disk. `bare` is a `ws` loop
// that sends back what it gets.
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { seeded } from '../../dist/base/random.js';
import type { PlannedSession } from '../../dist/history/events.js';
import { createRecorder, type Recorder } from '../../dist/observe/record/index.js';
import { Chat } from '../../dist/observe/run/chat.js';
import type { Member } from '../../dist/observe/run/member.js';
import { textOf } from '../../dist/observe/workload/index.js';
import {
  clientKind,
  contract,
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

const { side, url, connections, warmUpMs, ms } = await settings<Chattering>();
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
  const folder = await mkdtemp(path.join(tmpdir(), 'outlast-bench-'));
  const file = path.join(folder, 'history.ndjson');
  const recorder = createRecorder({ file });
  const members = crew(recorder);
  recorder.begin(headerOf(members.map(({ planned }) => planned)));
  const calledOff = new AbortController();
  const { signal } = calledOff;
  await eachOf(members, 8, ({ client }) => client.connect({ signal }));
  const chat = chatOf(recorder, signal);
  let received = 0;
  const bySession = new Map(members.map((member) => [member.planned.session, member]));
  recorder.watch((event) => {
    if (event.kind === 'receive') received++;
    const speaker = event.kind === 'ack' ? bySession.get(event.session) : undefined;
    if (speaker) chat.send(speaker);
  });
  for (const member of members) chat.send(member);
  return {
    count: () => received,
    async end() {
      calledOff.abort();
      chat.stop();
      await recorder[Symbol.asyncDispose]();
    },
    async verify() {
      // A loop that is fast because it forgets would prove nothing.
      const recorded = (await readFile(file, 'utf8')).split('"kind":"receive"').length - 1;
      await rm(folder, { recursive: true });
      if (recorded !== received)
        throw new Error(`expected ${received} receipts in the history, got ${recorded}`);
    },
  };
}

function chatOf(recorder: Recorder, signal: AbortSignal): Chat {
  return new Chat({
    ...{ run, recorder, contract, digest, signal, random: seeded('bench') },
    ...{ messagesPerSecond: 1, maxLength: 1_000, answerWithinMs: 5_000 },
  });
}

function crew(recorder: Recorder): Member[] {
  const kind = clientKind(url);
  return sessionNames(connections).map((session): Member => {
    const seat = seatOf(session);
    const observe = recorder.session(session);
    const planned: PlannedSession = { session, role: 'chatter', rooms: seat.rooms };
    const keeper = { ...seat, grant: null, renew: () => Promise.resolve('unsupported' as const) };
    return {
      planned,
      user: { id: session, name: seat.user, secret: session },
      keeper,
      seat,
      observe,
      client: kind.open(seat, observe),
    };
  });
}

async function bareLoop(): Promise<Loop> {
  let echoed = 0;
  const random = seeded('bench');
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
      message: textOf(id, 1_000, random),
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
