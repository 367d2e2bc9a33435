import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainPath } from '../../../../src/observe/client/http/address.js';

const asRead = (path: string) => {
  const { pathname, search } = new URL(path, 'http://127.0.0.1:1/chat?x=1');
  return pathname + search;
};

describe('a path that is taken as it is written', () => {
  it.each(['/', '/rooms/lobby', '/rooms/a%20b?after=1&x=/..', '/a//b', '/a.b/c..d', '/rooms/x:1@y;z=2'])(
    'is %s',
    (path) => {
      expect(isPlainPath(path)).toBe(true);
      expect(asRead(path)).toBe(path);
    },
  );

  it.each(['/a/../b', '/./a', '/%2e%2E/a', '/a b', '/ü', '/a#b', '/a\\b', '/a?x="1"', '/a?', 'rooms'])(
    'is not %s',
    (path) => {
      expect(isPlainPath(path)).toBe(false);
    },
  );

  it('is never read as another one', () => {
    const characters = fc.constantFrom(...'/.%2eE?&=ab ü#\\"\'~:@^|{}[]<>`\n');
    fc.assert(
      fc.property(fc.array(characters), (path) => {
        const whole = `/a/${path.join('')}`;
        if (isPlainPath(whole)) expect(asRead(whole)).toBe(whole);
      }),
    );
  });
});
