import type { Check } from '../../src/judge/port.js';
import { unseen } from './unseen.js';

/** A way to fail, with its number. */
export interface Mode {
  readonly number: number;
  readonly group: string;
  readonly text: string;
}

/** Those of docs/failure-modes.md, in their order. */
export function modesIn(text: string): readonly Mode[] {
  const modes: Mode[] = [];
  let group = '';
  for (const paragraph of text.replaceAll(/\n {2,}/g, ' ').split('\n')) {
    const heading = /^## (.*)$/.exec(paragraph);
    if (heading) group = heading[1] ?? '';
    const [, number, says] = /^(\d+)\. (.*)$/.exec(paragraph) ?? [];
    if (number !== undefined && says !== undefined) modes.push({ number: Number(number), group, text: says });
  }
  return modes;
}

/** Which checks catch it, or why none does. Throws where the catalogue and the checks do not fit together. */
export function caughtBy({ number }: Mode, checks: readonly Check[]): string {
  const catching = checks.filter(({ about }) => about.modes.includes(number));
  const reason = unseen[number];
  if ((catching.length === 0) === (reason === undefined))
    throw new Error(
      `expected mode ${number} to be caught by a check or to have a reason in unseen.ts, and not both`,
    );
  return reason ?? catching.map(({ id }) => `[${id}](../checks/${id}.md)`).join(', ');
}

/** docs/guarantees/README.md */
export function guarantees(text: string, checks: readonly Check[]): string {
  const modes = modesIn(text);
  const groups = [...new Set(modes.map(({ group }) => group))];
  const tables = groups.flatMap((group) => [
    `## ${group}`,
    [
      '| number | a session fails when | caught by |',
      '| --- | --- | --- |',
      ...modes
        .filter((mode) => mode.group === group)
        .map((mode) => `| ${mode.number} | ${mode.text} | ${caughtBy(mode, checks)} |`),
    ].join('\n'),
  ]);
  const missing = modes.filter(({ number }) => number in unseen).length;
  const intro = `Of the ${modes.length} [ways in which a session fails](../failure-modes.md), ${modes.length - missing} are caught by a check where the set-up can show them; the ${missing} others have their reason. The page is made from the checks by \`npm run docs\`.`;
  return [`# What is caught, and by which check`, intro, ...tables].join('\n\n');
}
