// Talks through our clients, or through bare ones: each session says its next message when the last one was acknowledged and
// has come back. One side a process, so that neither warms or burdens the other.
import { setTimeout as pause } from 'node:timers/promises';
import { contenderNamed, type ContenderName } from '../contenders/index.js';
import { connected, eachOf, placeOf, run, seatOf, sessionNames } from '../support/crowd.js';
import { report, settings } from '../support/in-worker.js';
import { Talk } from '../support/talk.js';

export interface Talking {
  readonly contender: ContenderName;
  readonly side: 'ours' | 'bare';
  readonly url: string;
  readonly connections: number;
  /** Before anything is counted. */
  readonly warmUpMessages: number;
  readonly ms: number;
}

export interface Talked {
  readonly messages: number;
  readonly ms: number;
  /** Processor time of this process, in µs. */
  readonly processorMicroseconds: number;
}

const { contender: name, side, url, connections, warmUpMessages, ms } = await settings<Talking>();
const { ours, bare } = await contenderNamed(name);
const kind = ours(url);
const begin = { ours: ourTalk, bare: bareTalk }[side];
const beginnings: (() => Talk)[] = [];
await eachOf(sessionNames(connections), 16, async (session) => beginnings.push(await begin(session)));
const talks = beginnings.map((go) => go());
report(await measured());

async function measured(): Promise<Talked> {
  while (count() < warmUpMessages) await pause(10);
  const [before, processor, began] = [count(), process.cpuUsage(), performance.now()];
  await pause(ms);
  const [messages, took] = [count() - before, performance.now() - began];
  const { user, system } = process.cpuUsage(processor);
  return { messages, ms: took, processorMicroseconds: user + system };
}

function count(): number {
  return talks.reduce((sum, { done }) => sum + done, 0);
}

/** As a run speaks: the identity stands in the text, and is looked for in what comes. */
async function ourTalk(session: string): Promise<() => Talk> {
  const { room } = placeOf(session);
  const talk = new Talk((number) => `${run}.${session}.${number}`);
  const client = await connected(kind, seatOf(session), (seen) => {
    if (seen.kind === 'receive') talk.heard(seen.message === talk.id);
  });
  const call = { signal: new AbortController().signal, written: () => undefined };
  const say = async (message: string, text: string) => {
    const { answer } = await client.send({ message, room, text }, call);
    if (answer !== 'ack') throw new Error(`expected an acknowledgement, got ${answer}`);
    talk.acknowledged();
  };
  return () => {
    talk.begin((message, text) => void say(message, text));
    return talk;
  };
}

async function bareTalk(session: string): Promise<() => Talk> {
  const talk = new Talk((number) => `${run}.${session}.${number}`);
  const heard = (text: string) => talk.heard(text === talk.text);
  const client = await bare(url, { ...placeOf(session), heard });
  return () => {
    talk.begin((id, text) => client.say(id, text, talk.acknowledged));
    return talk;
  };
}
