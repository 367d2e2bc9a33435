import { describe, expect, it } from 'vitest';
import { errorCodes, messageOf, OutlastError } from '../../src/base/errors.js';

describe('an error that is raised on purpose', () => {
  it('has a code, and knows by it who is to blame', () => {
    const error = new OutlastError('PORT_IN_USE', 'expected a free port', { details: ['line'] });
    expect(error).toMatchObject({
      name: 'OutlastError',
      code: 'PORT_IN_USE',
      blame: 'target',
      details: ['line'],
    });
    expect(new OutlastError('USAGE', 'x').details).toEqual([]);
    for (const blame of Object.values(errorCodes)) expect(['usage', 'target', 'outlast']).toContain(blame);
  });

  it('keeps its cause, and has none if there is none', () => {
    const cause = new Error('why');
    expect(new OutlastError('INTERNAL', 'x', { cause }).cause).toBe(cause);
    expect('cause' in new OutlastError('INTERNAL', 'x')).toBe(false);
  });
});

describe('the text of what was thrown', () => {
  it('is there whatever was thrown', () => {
    expect(messageOf(new Error('why'))).toBe('why');
    expect(messageOf('why')).toBe('why');
    expect(messageOf(undefined)).toBe('undefined');
    expect(messageOf(new TypeError(''))).toBe('TypeError');
    expect(messageOf(Object.create(null))).toBe('[object Object]');
  });

  it('names each reason where several addresses failed', () => {
    expect(messageOf(new AggregateError([new Error('a refused'), new Error('b refused')]))).toBe(
      'a refused; b refused',
    );
    expect(messageOf(new AggregateError([], ''))).toBe('AggregateError');
  });
});
