import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../../src/history/events.js';
import { result } from '../../result.js';
import { adding, changing, find, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';
import { right } from '../../stories.js';

const { ready } = right.at;
const id = 'identity-kept';

type Answer = EventOf<'who-am-i'>;
/** The answers to "who am I?", with some of them changed. */
const answering = (change: (event: Answer) => Partial<Answer>, told: Told = right) =>
  changing(told, (event) => (event.kind === 'who-am-i' ? { ...event, ...change(event) } : event));
const inR1 = (fits: (event: EventOf<'stored'>) => boolean, change: Partial<EventOf<'stored'>>) =>
  changing(right, (event) =>
    event.kind === 'stored' && event.read === 'r1-after' && fits(event) ? { ...event, ...change } : event,
  );
const isOf = (session: string, message: string | null) =>
  message?.startsWith(`abcd1234.${session}.`) === true;

describe('identity-kept', () => {
  it('asks for nobody but residents who were asked before', () => {
    const asked = without(
      right,
      (event) => event.kind === 'who-am-i' && event.at === 'before' && event.session === '7',
    );
    const auditor = { session: '11', kind: 'who-am-i', digest: 'c' } as const;
    const told = adding(
      asked,
      { t: 1_001, ...auditor, at: 'before', user: 'u11' },
      { t: 2_701, ...auditor, at: 'after', user: 'u1' },
    );
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: '7 sessions, each the same user with the same claims as before',
      figures: { sessions: 7, changed: 0, misattributed: 0 },
      shows: '',
      blames: '',
    });
  });

  it('is not put off by a right answer among wrong ones, and shows the first before and the last after', () => {
    const answer = find(right, 'who-am-i', ({ session }) => session === '6');
    const told = adding(
      answering(({ session, at }) => (session === '6' && at === 'after' ? { user: 'u1' } : {})),
      { ...answer, t: 1_003 },
      { ...answer, t: 2_702, at: 'after' },
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'session 6 came back as somebody else',
      figures: { sessions: 8, changed: 1, misattributed: 0 },
      shows: 'who-am-i@1001 s6, who-am-i@2702 s6',
      blames: 'session 6',
    });
  });

  it('speaks of somebody else where at least one is, and shows three of those whose identity changed', () => {
    const told = answering(({ session, at }) => {
      if (at === 'before' || !['1', '2', '6', '7'].includes(session)) return {};
      return session === '6' ? { user: 'u1' } : { digest: 'other' };
    });
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'sessions 1, 2, 6 and 7 came back as somebody else',
      figures: { sessions: 8, changed: 4, misattributed: 0 },
      shows:
        'who-am-i@1001 s1, who-am-i@2701 s1, who-am-i@1001 s2, who-am-i@2701 s2, who-am-i@1001 s6, who-am-i@2701 s6',
      blames: 'session 1, session 2, session 6, session 7',
    });
  });

  it('tells of changed identities and of changed names in one sentence, and blames both', () => {
    const changed = answering(({ session, at }) => (session === '3' && at === 'after' ? { user: 'u1' } : {}));
    const told = changing(changed, (event) =>
      event.kind === 'receive' && event.t > ready + 100 ? { ...event, from: 'nobody' } : event,
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'session 3 came back as somebody else; messages of sessions 1, 2, 6 and 7 are shown as from somebody else',
      figures: { sessions: 8, changed: 1, misattributed: 4 },
      shows:
        'who-am-i@1001 s3, who-am-i@2701 s3, receive@420.73 s7 6.1, receive@1656.045 s8 6.18, receive@430.73 s6 7.1, receive@1656.045 s8 7.18, receive@440.73 s2 1.1, receive@1656.045 s3 1.18',
      blames: 'session 3, session 6, session 7, session 1, session 2',
    });
  });

  it('fails when stored messages of one sender stand under two names', () => {
    expect(
      whole(
        inR1(({ message, index }) => isOf('2', message) && index > 40, { from: 'nobody' }),
        id,
      ),
    ).toEqual({
      is: 'fail',
      says: 'messages of session 2 are shown as from somebody else',
      figures: { sessions: 8, changed: 0, misattributed: 1 },
      shows: 'stored@1001.2 s1 2.1, stored@2701.2 s5 2.22',
      blames: 'session 2',
    });
  });

  it('counts a sender once, however many names its messages are shown under', () => {
    const told = changing(right, (event) =>
      event.kind === 'receive' && isOf('2', event.message) && event.t > ready
        ? { ...event, from: `name at ${event.t}` }
        : event,
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'messages of session 2 are shown as from somebody else',
      figures: { sessions: 8, changed: 0, misattributed: 1 },
      shows: 'receive@410.73 s1 2.1, receive@1656.045 s3 2.19',
      blames: 'session 2',
    });
  });

  it('fails when what is shown again is shown under another name', () => {
    const receipt = find(right, 'receive', ({ session }) => session === '3');
    expect(whole(adding(right, { ...receipt, t: ready + 200, conn: 2, from: 'nobody' }), id)).toEqual({
      is: 'fail',
      says: 'messages of session 2 are shown as from somebody else',
      figures: { sessions: 8, changed: 0, misattributed: 1 },
      shows: 'receive@410.73 s1 2.1, receive@1701 s3 2.1',
      blames: 'session 2',
    });
  });

  it('takes nothing from messages without a name', () => {
    const unnamed = changing(right, (event) => {
      if ((event.kind !== 'stored' && event.kind !== 'receive') || !isOf('2', event.message)) return event;
      const { from: _, ...rest } = event;
      return rest;
    });
    expect(result(unnamed, id)).toMatchObject({ outcome: 'pass', figures: { misattributed: 0 } });
  });

  it('takes nothing from what is stored there of other runs, or of nobody', () => {
    const others = inR1(({ index }) => index === 0, { message: 'zzzzzzzz.1.1', from: 'of old' });
    expect(result(others, id)).toMatchObject({ outcome: 'pass' });
    const foreign = inR1(({ index }) => index < 2, { message: null, from: 'the system' });
    expect(result(foreign, id)).toMatchObject({ outcome: 'pass' });
  });

  it('is unknown of all who were not told afterwards who they are, and blames them', () => {
    const silent = without(
      right,
      (event) => event.kind === 'who-am-i' && event.at === 'after' && event.session < '3',
    );
    expect(whole(silent, id)).toEqual({
      is: 'unknown',
      says: 'The service did not say after the restart who sessions 1 and 2 are',
      figures: { sessions: 8, changed: 0, misattributed: 0 },
      shows: '',
      blames: 'session 1, session 2',
    });
  });
});
