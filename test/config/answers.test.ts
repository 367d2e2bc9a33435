import { describe, expect, it } from 'vitest';
import { OutlastError } from '../../src/base/errors.js';
import { answers, defineConfig, jwt, launch, restart, webSocket } from '../../src/config/face.js';
import { checkConfig } from '../../src/config/index.js';
import type { AnswersOptions } from '../../src/config/input.js';

const configOf = (options: AnswersOptions) =>
  defineConfig({
    target: {
      services: { backend: launch({ command: 'node backend.js', ready: 'http://127.0.0.1:8000/health' }) },
      users: jwt({ secret: 'a secret of some length' }),
      client: webSocket({ url: 'ws://127.0.0.1:8000/ws' }),
      answers: answers(options),
    },
    disruption: restart('backend'),
  });
const checked = (options: AnswersOptions) => checkConfig(configOf(options)).target.answers;

function problems(options: object): readonly string[] {
  try {
    checkConfig(configOf(options as AnswersOptions));
  } catch (error) {
    if (error instanceof OutlastError && error.code === 'CONFIG_INVALID') return error.details;
    throw error;
  }
  return [];
}

describe('answers({ … })', () => {
  it('needs an address, and takes paths at the host of the client', () => {
    const found = checked({
      url: '/answers',
      stream: ({ id, cursor }) => `/answers/${id}/from/${cursor ?? 0}`,
      stored: (id) => `http://elsewhere/${id}`,
      cancel: (id) => ({ url: `/answers/${id}`, method: 'DELETE' }),
      silence: '8s',
    });
    expect(found?.url).toBe('http://127.0.0.1:8000/answers');
    expect(found?.stream?.({ id: 'x', cursor: '7' })).toBe('http://127.0.0.1:8000/answers/x/from/7');
    expect(found?.stored?.('x')).toBe('http://elsewhere/x');
    expect(found?.cancel && found.cancel('x')).toEqual({
      url: 'http://127.0.0.1:8000/answers/x',
      method: 'DELETE',
    });
    expect(found?.silenceMs).toBe(8_000);
    expect(checked({ url: '/answers', cancel: false })?.cancel).toBe(false);
  });

  it('names the path of each problem, and what was expected there', () => {
    const found = problems({
      url: 'answers',
      cursor: { query: 'after', counts: 'letters' },
      frame: 'part',
      cancel: true,
      count: 0,
      silense: '1s',
    });
    expect(found.join('\n')).toContain(
      "target.answers.url: expected an address (http://…) or a path ('/users/me')",
    );
    expect(found.join('\n')).toContain('target.answers.cursor');
    expect(found.join('\n')).toContain(
      'target.answers.frame: expected a function ({ event, id, data, json }) =>',
    );
    expect(found.join('\n')).toContain(
      'target.answers.cancel: expected a function (id) => address, or false',
    );
    expect(found.join('\n')).toContain('target.answers.count: expected a whole number from 1 to 1000');
    expect(found.join('\n')).toContain("unknown key 'silense'. Did you mean 'silence'?");
  });
});
