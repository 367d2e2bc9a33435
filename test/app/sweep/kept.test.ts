import { describe, expect, it } from 'vitest';
import { keepTarget } from '../../../src/app/sweep/kept.js';
import type { StartCall, Target, TargetKind } from '../../../src/observe/target/index.js';
import { createScope } from '../../../src/system/index.js';

/** A kind of target that counts; the last start's call can be spoken through. */
function counting(absent = false) {
  const counts = { started: 0, stopped: 0, killed: 0 };
  const calls: StartCall[] = [];
  const kind: TargetKind = {
    ...{ name: 'launch', addresses: ['http://127.0.0.1:8000'], services: [] },
    start(call) {
      counts.started += 1;
      calls.push(call);
      if (absent) return Promise.resolve({ absent: 'nobody is there' });
      const stop = () => Promise.resolve(void (counts.stopped += 1));
      call.scope.undo('stop it', stop, () => void (counts.killed += 1));
      const target: Target = {
        ...{ services: new Map(), resolve: (text: string) => text },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
      return Promise.resolve(target);
    },
  };
  return { kind, counts, calls };
}

function run() {
  const printed: string[] = [];
  const scope = createScope(() => undefined);
  const output = (service: string, text: string) => void printed.push(`${service}: ${text}`);
  const call: StartCall = { scope, signal: new AbortController().signal, output };
  return { call, printed, leave: () => scope[Symbol.asyncDispose]() };
}

const nothing = () => undefined;

describe('a target that is kept up', () => {
  it('is started by the first run, left up by it, and the same to the next', async () => {
    const { kind, counts } = counting();
    await using kept = keepTarget(nothing);
    const [one, other] = [run(), run()];
    const first = await kept.asKind(kind).start(one.call);
    await one.leave();
    expect(counts).toMatchObject({ started: 1, stopped: 0 });
    expect(await kept.asKind(kind).start(other.call)).toBe(first);
    await kept.drop();
    expect(counts).toMatchObject({ started: 1, stopped: 1 });
  });

  it('prints into the run that is under way, and into none that is over', async () => {
    const { kind, calls } = counting();
    await using kept = keepTarget(nothing);
    const [one, other] = [run(), run()];
    await kept.asKind(kind).start(one.call);
    calls[0]?.output('chat', 'hello');
    await one.leave();
    calls[0]?.output('chat', 'between');
    await kept.asKind(kind).start(other.call);
    calls[0]?.output('chat', 'again');
    expect(one.printed).toEqual(['chat: hello']);
    expect(other.printed).toEqual(['chat: again']);
  });

  it('is started anew once it was dropped, and stopped at once in an emergency', async () => {
    const { kind, counts } = counting();
    await using kept = keepTarget(nothing);
    await kept.asKind(kind).start(run().call);
    await kept.drop();
    await kept.asKind(kind).start(run().call);
    expect(counts).toMatchObject({ started: 2, stopped: 1, killed: 0 });
    kept.emergency();
    expect(counts.killed).toBe(1);
  });

  it('is looked for by every run while it is not there', async () => {
    const { kind, counts } = counting(true);
    await using kept = keepTarget(nothing);
    for (const { call } of [run(), run()]) {
      expect(await kept.asKind(kind).start(call)).toEqual({ absent: 'nobody is there' });
    }
    expect(counts.started).toBe(2);
  });
});
