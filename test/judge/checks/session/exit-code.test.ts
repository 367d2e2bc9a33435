import { describe, expect, it } from 'vitest';
import type { Event, EventOf, Facet } from '../../../../src/history/events.js';
import { adding, changing, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';
import { right } from '../../stories.js';

const { signal } = right.at;
const id = 'exit-code';

type Step = EventOf<'disruption'>;
const exiting = (told: Told, change: Partial<Step>) =>
  changing(told, (event) =>
    event.kind === 'disruption' && event.step === 'exited' ? { ...event, ...change } : event,
  );
const lacking = (facet: Facet): Told => {
  const { header, events } = exiting(right, { exitCode: 1 });
  const disruptions = header.plan.disruptions.map((one) => ({ ...one, lacks: { [facet]: 'not this one' } }));
  return { header: { ...header, plan: { ...header.plan, disruptions } }, events };
};

/** A second service is restarted with it, of which this was seen. */
const beside = (...steps: readonly (Partial<Step> & Pick<Step, 't' | 'step'>)[]) =>
  adding(
    right,
    ...steps.map((step): Event => ({
      kind: 'disruption',
      disruption: 0,
      type: 'restart',
      service: 'auth',
      ...step,
    })),
  );
const began = { t: signal + 1, step: 'begin', instance: 'a' } as const;
const signalled = { t: signal + 2, step: 'signal', signal: 'SIGTERM' } as const;

describe('exit-code', () => {
  it('says how each ended that did not end by itself, and blames its service', () => {
    const told = beside(began, signalled, { t: signal + 12, step: 'exited', exitCode: 7 });
    const killed = changing(told, (event) =>
      event.kind === 'disruption' && event.step === 'exited' && event.service === 'backend'
        ? { ...event, killed: true, exitCode: 0 }
        : event,
    );
    expect(whole(killed, id)).toEqual({
      is: 'fail',
      says: 'backend was still running when its grace period was over (20 ms), and was killed; auth ended with exit code 7 instead of 0',
      figures: { exits: 2, dirty: 2 },
      shows: 'disruption@1301, disruption@1321, disruption@1303, disruption@1313',
      blames: 'service backend, service auth',
    });
  });

  it('names the signal that ended a process which does not handle it, where it is told', () => {
    expect(whole(exiting(right, { exitCode: null, signal: 'SIGTERM' }), id)).toEqual({
      is: 'fail',
      says: 'backend was ended by SIGTERM itself: it does not handle it',
      figures: { exits: 1, dirty: 1 },
      shows: 'disruption@1301, disruption@1321',
      blames: 'service backend',
    });
    expect(whole(exiting(right, { exitCode: null }), id).says).toBe(
      'backend was ended by the signal itself: it does not handle it',
    );
  });

  it('takes an exit of which no code is told for one by the signal', () => {
    const told = changing(right, (event) => {
      if (event.kind !== 'disruption' || event.step !== 'exited') return event;
      const { exitCode: _, killed: __, ...rest } = event;
      return rest;
    });
    expect(whole(told, id).says).toBe('backend was ended by the signal itself: it does not handle it');
  });

  it('passes several that ended by themselves, with the time of each', () => {
    const told = beside(began, signalled, { t: signal + 12, step: 'exited', exitCode: 0 });
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: 'backend and auth ended by themselves with exit code 0, 20 ms and 10 ms after the signal',
      figures: { exits: 2, dirty: 0 },
      shows: 'disruption@1301, disruption@1321, disruption@1303, disruption@1313',
      blames: '',
    });
  });

  it('counts from its beginning where no signal was seen', () => {
    const told = without(right, (event) => event.kind === 'disruption' && event.step === 'signal');
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: 'backend ended by itself with exit code 0, 21 ms after the signal',
      figures: { exits: 1, dirty: 0 },
      shows: 'disruption@1321',
      blames: '',
    });
  });

  it('is unknown where the end of one of several was not seen, and fails where another ended badly', () => {
    const told = beside(began, signalled);
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'It was not seen how the process ended',
      figures: { exits: 1, dirty: 0 },
      shows: 'disruption@1301, disruption@1321',
      blames: '',
    });
    expect(whole(exiting(told, { exitCode: 1 }), id)).toMatchObject({
      is: 'fail',
      figures: { exits: 1, dirty: 1 },
    });
  });

  it.each(['restart', 'graceful', 'exit-code'] as const)('judges no disruption that lacks %s', (facet) => {
    expect(whole(lacking(facet), id)).toMatchObject({
      is: 'unknown',
      figures: { exits: 0, dirty: 0 },
      shows: '',
    });
    expect(whole(lacking('log'), id)).toMatchObject({ is: 'fail' });
  });
});
