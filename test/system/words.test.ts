import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/system/index.js';

describe('the words of a command', () => {
  it('are separated by blanks, quotes and backslashes as in a shell', () => {
    expect(wordsOf('node dist/main.js')).toEqual(['node', 'dist/main.js']);
    expect(wordsOf(`  node  "a b"'c d'e\\ f ''  `)).toEqual(['node', 'a bc de f', '']);
    expect(wordsOf('run --port={port:backend} "say \\"hi\\""')).toEqual([
      'run',
      '--port={port:backend}',
      'say "hi"',
    ]);
  });

  it('come back from quoting, whatever they are', () => {
    const word = fc.string({ unit: 'grapheme' });
    const first = word.filter((text) => !/^[A-Za-z_]\w*=/.test(text));
    fc.assert(
      fc.property(first, fc.array(word), (program, others) => {
        const words = [program, ...others];
        const line = words.map((text) => `'${text.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(wordsOf(line)).toEqual(words);
      }),
    );
  });

  it.each(['a | b', 'a && b', 'echo $HOME', 'ls *', 'a > b', 'echo `b`', 'echo "$HOME"', "echo 'open"])(
    'refuse what only a shell can do: %s',
    (line) => {
      expect(() => wordsOf(line)).toThrow(/without a shell.*`shell: true`/s);
    },
  );

  it('refuse a variable before the command, and say where it belongs', () => {
    expect(() => wordsOf('PORT=80 node x.js')).toThrow(/has PORT=… before it \(use `environment`\)/);
  });

  it('refuse an empty command', () => {
    expect(() => wordsOf('  ')).toThrow(/expected a command; got an empty one/);
  });
});
