import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/observe/record/index.js';
import { Output } from '../../../src/observe/target/output.js';

function printing(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  let told = '';
  const output = new Output(
    () => redactor.stream(),
    (text) => (told += text),
  );
  return { output, told: () => told };
}

describe('what a service prints', () => {
  it('is passed on without secrets, also where they come in pieces', () => {
    const { output, told } = printing('correct-horse-battery');
    for (const piece of ['the password is correct-', 'horse-', 'battery, ', 'is it not\n'])
      output.push(piece);
    output.flush();
    expect(told()).toBe('the password is [redacted], is it not\n');
    expect(output.lastLines(5)).toEqual(['the password is [redacted], is it not']);
  });

  it('is kept by its last lines, the unfinished one too', () => {
    const { output } = printing();
    output.push(Array.from({ length: 1_000 }, (_, line) => `line ${line}\n`).join(''));
    output.push('unfini');
    expect(output.lastLines(3)).toEqual(['line 998', 'line 999', 'unfini']);
    output.push('shed\r\n');
    expect(output.lastLines(2)).toEqual(['line 999', 'unfinished']);
  });

  it('is safe to show: without colours, control characters and endless lines', () => {
    const { output } = printing();
    output.push('\u001b[31mred\u001b[0m \u0007bell\n');
    output.push('x'.repeat(1_000_000));
    output.push('\n');
    const [colours, long = ''] = output.lastLines(2);
    expect(colours).toBe('red \\x07bell');
    expect(long.length).toBeLessThanOrEqual(400);
  });
});
