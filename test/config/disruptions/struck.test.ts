import { describe, expect, it } from 'vitest';
import { crash, dependency, outage, pause, restart, rolling } from '../../../src/config/face.js';
import { checkedDisruption, problemsOfDisruption as problems } from '../problems-of.js';

// The disruptions that strike services by their names.

const duration = "a duration such as 250 (milliseconds), '250ms', '10s' or '2m'";

describe.each([
  ['restart', restart],
  ['crash', crash],
  ['rolling', rolling],
  ['pause', pause],
  ['outage', outage],
  ['dependency', dependency],
] as const)('the services of %s', (kind, factory) => {
  it('may be one or several', () => {
    expect(checkedDisruption(factory('chat'))).toMatchObject({ kind, services: ['chat'] });
    expect(checkedDisruption(factory(['chat']))).toMatchObject({ kind, services: ['chat'] });
  });

  it.each<[unknown, string]>([
    [undefined, 'disruption.services: expected names of services; got nothing'],
    ['chat', "disruption.services: expected names of services; got 'chat'"],
    [[], 'disruption.services: expected at least one service; got an empty list'],
    [[7], 'disruption.services[0]: expected the name of a service; got 7'],
    [[''], 'disruption.services[0]: expected the name of a service; got an empty text'],
    [
      ['chat', 'databse'],
      "disruption.services[1]: expected one of the services (chat, database); got 'databse'. Did you mean 'database'?",
    ],
    [['frontend'], "disruption.services[0]: expected one of the services (chat, database); got 'frontend'"],
  ])('are told what is wrong with them: %j', (services, line) => {
    expect(problems({ kind, services })).toEqual([line]);
  });

  it('stand beside known keys alone', () => {
    expect(problems({ kind, services: ['chat'], servces: ['database'] })).toEqual([
      "disruption: unknown key 'servces'. Did you mean 'services'?",
    ]);
  });
});

describe('rolling', () => {
  it('takes how many are in reserve as a number or a flag, and its times in milliseconds', () => {
    expect(checkedDisruption(rolling('chat', { surge: true, pause: '1s', grace: 5 }))).toEqual({
      ...{ kind: 'rolling', services: ['chat'], surge: 1, pauseMs: 1_000, graceMs: 5 },
    });
    expect(checkedDisruption(rolling('chat', { surge: 1 }))).toMatchObject({ surge: 1 });
    expect(checkedDisruption(rolling('chat', { surge: false }))).toMatchObject({ surge: 0, pauseMs: 0 });
  });

  const surges = 'whether replicas in reserve are started first: true, false or how many';
  it.each<[object, string]>([
    [{ surge: 'yes' }, `disruption.surge: expected ${surges}; got 'yes'`],
    [{ surge: -1 }, `disruption.surge: expected ${surges}; got -1`],
    [{ surge: 1.5 }, `disruption.surge: expected ${surges}; got 1.5`],
    [{ pause: 'long' }, `disruption.pause: expected ${duration}; got 'long'`],
    [{ grace: -5 }, `disruption.grace: expected ${duration}; got -5`],
    [{ grase: 5 }, "disruption: unknown key 'grase'. Did you mean 'grace'?"],
    [
      { surge: 2 },
      'disruption.services[0]: the surge needs 2 of chat in reserve, and there is 1: say `spare: 2` in its launch({ … })',
    ],
    [
      { services: ['database'] },
      'disruption.services[0]: a rolling restart needs at least 2 replicas of database, and there is 1: say `replicas: 2` in its launch({ … })',
    ],
  ])('is told what is wrong with %j', (changes, line) => {
    expect(problems({ ...rolling('chat'), ...changes })).toEqual([line]);
  });
});

describe('pause', () => {
  it('lasts three seconds unless told', () => {
    expect(checkedDisruption(pause('chat'))).toEqual({ kind: 'pause', services: ['chat'], forMs: 3_000 });
    expect(checkedDisruption(pause('chat', { for: '1m' }))).toMatchObject({ forMs: 60_000 });
  });

  it.each<[object, string]>([
    [{ for: 'ever' }, `disruption.for: expected ${duration}; got 'ever'`],
    [{ for: null }, `disruption.for: expected ${duration}; got null`],
    [{ for: -1 }, `disruption.for: expected ${duration}; got -1`],
    [{ for: Infinity }, `disruption.for: expected ${duration}; got Infinity`],
    [{ for: '600h' }, `disruption.for: expected ${duration}, and of at most 24 days; got '600h'`],
    [{ grace: '1s' }, "disruption: unknown key 'grace'. Known are: services, for"],
  ])('is told what is wrong with %j', (changes, line) => {
    expect(problems({ ...pause('chat'), ...changes })).toEqual([line]);
  });
});

describe('outage', () => {
  it('lasts five seconds unless told', () => {
    expect(checkedDisruption(outage('chat'))).toEqual({ kind: 'outage', services: ['chat'], forMs: 5_000 });
    expect(checkedDisruption(outage('chat', { for: 100, grace: '1s' }))).toMatchObject({
      ...{ forMs: 100, graceMs: 1_000 },
    });
  });

  it.each<[object, string]>([
    [{ for: '5 minutes' }, `disruption.for: expected ${duration}; got '5 minutes'`],
    [{ grace: {} }, `disruption.grace: expected ${duration}; got an object`],
    [{ crash: true }, "disruption: unknown key 'crash'. Known are: services, for, grace"],
  ])('is told what is wrong with %j', (changes, line) => {
    expect(problems({ ...outage('chat'), ...changes })).toEqual([line]);
  });
});

describe('dependency', () => {
  it('is a restart unless told', () => {
    expect(checkedDisruption(dependency('database'))).toEqual({
      ...{ kind: 'dependency', services: ['database'] },
    });
    expect(checkedDisruption(dependency('database', { crash: true, grace: '1s' }))).toEqual({
      ...{ kind: 'dependency', services: ['database'], crash: true, graceMs: 1_000 },
    });
  });

  it.each<[object, string]>([
    [{ crash: 'yes' }, "disruption.crash: expected true or false; got 'yes'"],
    [{ grace: 'soon' }, `disruption.grace: expected ${duration}; got 'soon'`],
    [{ for: '1s' }, "disruption: unknown key 'for'. Known are: services, crash, grace"],
  ])('is told what is wrong with %j', (changes, line) => {
    expect(problems({ ...dependency('database'), ...changes })).toEqual([line]);
  });
});
