import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { historySchema } from '../../src/history/index.js';
import type { Verdict } from '../../src/judge/verdict.js';
import { failing } from './support/demo.js';
import { workspaces } from './support/workspace.js';

// A program that knows nothing of Outlast writes a history from plain WebSockets, and the real command judges it.

const program = path.resolve(import.meta.dirname, '../../examples/history-writer/run.js');
const workspace = workspaces();

interface Line {
  readonly kind?: string;
  readonly message?: string;
  readonly session?: string;
  readonly digest?: string;
}

let lines: readonly string[];
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  lines = stdout.trimEnd().split('\n');
});

async function judged(all: readonly string[]) {
  const place = workspace();
  place.write('chat.ndjson', `${all.join('\n')}\n`);
  const { code, stdout } = await place.ran('judge', 'chat.ndjson', '--json');
  return { code, verdict: JSON.parse(stdout) as Verdict };
}

/** A line of a receipt in the middle of the chat, by somebody else than its sender. */
function receipt(): { readonly at: number; readonly event: Line } {
  const events = lines.map((line) => JSON.parse(line) as Line);
  const receipts = events.flatMap((event, at) =>
    event.kind === 'receive' && event.message?.split('.')[1] !== event.session ? [{ event, at }] : [],
  );
  const found = receipts[Math.floor(receipts.length / 4)];
  if (!found) throw new Error('expected the example to receive messages');
  return found;
}

describe('the history that examples/history-writer writes', () => {
  it('fits the schema, line by line', () => {
    const validate = new Ajv2020().compile(historySchema());
    for (const line of lines) expect(validate(JSON.parse(line)), line).toBe(true);
  });

  it('passes', async () => {
    const { code, verdict } = await judged(lines);
    expect({ code, ...failing(verdict) }).toEqual({ code: 0, fails: [], consequences: [], unknown: [] });
    expect(verdict.figures.messages.acknowledged).toBeGreaterThan(50);
  });

  it('is found to have lost a message where a receipt is taken out by hand', async () => {
    const { at, event } = receipt();
    const { code, verdict } = await judged(lines.toSpliced(at, 1));
    expect({ code, ...failing(verdict) }).toMatchObject({ code: 1, fails: ['messages-lost'] });
    expect(JSON.stringify(verdict)).toContain(event.message);
  });

  it('is found to have altered a message where a receipt is changed by hand', async () => {
    const { at, event } = receipt();
    const other = (lines[at] ?? '').replace(`"digest":"${event.digest ?? ''}"`, '"digest":"another"');
    const { code, verdict } = await judged(lines.with(at, other));
    expect({ code, ...failing(verdict) }).toMatchObject({ code: 1, fails: ['messages-altered'] });
  });
});
