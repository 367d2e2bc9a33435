import { describe, expect, it } from 'vitest';
import { Outstanding } from '../../../../src/observe/client/shared/outstanding.js';
import type { Answer } from '../../../../src/observe/client/port.js';

const acknowledged = (position: string): Answer => ({ answer: 'ack', position });
const overdue = { answer: 'unsure', reason: 'no answer came in time' };
const lost: Answer = { answer: 'unsure', reason: 'the connection was lost' };

describe('messages that wait for their answers', () => {
  it('are answered by their ids, in any order, and attempts of one message in turn', async () => {
    const outstanding = new Outstanding();
    const { signal } = new AbortController();
    const answers = ['a', 'b', 'a'].map((message) => outstanding.add(message, signal));
    outstanding.settle('b', acknowledged('1'));
    outstanding.settle('a', acknowledged('2'));
    outstanding.settle('a', acknowledged('3'));
    expect(await Promise.all(answers)).toEqual([acknowledged('2'), acknowledged('1'), acknowledged('3')]);
  });

  it('are called off alone, each by its own signal, and what comes later is no answer', async () => {
    const outstanding = new Outstanding();
    const [early, late] = [new AbortController(), new AbortController()];
    const first = outstanding.add('a', early.signal);
    const second = outstanding.add('a', late.signal);
    early.abort();
    expect(await first).toEqual(overdue);
    outstanding.settle('a', acknowledged('1'));
    outstanding.settle('a', acknowledged('2'));
    expect(await second).toEqual(acknowledged('1'));
  });

  it('all end with their connection, once', async () => {
    const outstanding = new Outstanding();
    const caller = new AbortController();
    const answers = ['a', 'b'].map((message) => outstanding.add(message, caller.signal));
    outstanding.settleAll(lost);
    caller.abort();
    expect(await Promise.all(answers)).toEqual([lost, lost]);
  });
});
