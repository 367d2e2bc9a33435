import type { Case } from '../../examples/case.js';
import { inWords } from '../../src/base/duration.js';
import type { Verdict } from '../../src/judge/verdict.js';

/** What is read of a verdict. */
export type Sample = Pick<Verdict, 'outcome' | 'tests' | 'disruptions' | 'figures'>;

/** One case, over all its runs. */
export interface Row {
  readonly server: string;
  readonly mode: string;
  readonly restart: string;
  readonly outcome: string;
  readonly lost: string;
  readonly restartTook: string;
  readonly slowestReconnect: string;
  readonly command: string;
  readonly documented: string;
}

export function rowOf(example: string, one: Case, version: string, samples: readonly Sample[]): Row {
  const environment = Object.entries(one.environment ?? {}).map(([name, value]) => `${name}=${value} `);
  return {
    server: `${one.server.name} ${version}`,
    mode: one.mode,
    restart: one.restart,
    outcome: outcomes(samples),
    lost: lost(samples),
    restartTook: times(samples.flatMap(({ disruptions }) => disruptions.map(({ restartMs }) => restartMs))),
    slowestReconnect: times(
      samples.map(({ disruptions }) => maximum(disruptions.map((each) => each.reconnectMs?.max ?? null))),
    ),
    command: `${environment.join('')}npx outlast run --config examples/${example}/${one.config}`,
    documented: `${one.documents.says} (${sourceOf(one)})`,
  };
}

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['server', ({ server }) => server],
  ['mode', ({ mode }) => mode],
  ['restart', ({ restart }) => restart],
  ['outcome', ({ outcome }) => outcome],
  ['acknowledged and lost', ({ lost: found }) => found],
  ['restart took', ({ restartTook }) => restartTook],
  ['slowest reconnect', ({ slowestReconnect }) => slowestReconnect],
];

/** A table, and below it for each row how to repeat it and what its project documents. */
export function tableOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ];
  const notes = rows.map(
    ({ mode, restart, command, documented }) =>
      `- ${mode}, ${restart}: \`${command}\`. Documented: ${documented}`,
  );
  return `${table.join('\n')}\n\n${notes.join('\n')}`;
}

/** `fail 5 of 5 (messages-lost, log-kept)` */
function outcomes(samples: readonly Sample[]): string {
  const kinds = [...new Set(samples.map(({ outcome }) => outcome))];
  return kinds
    .map((kind) => {
      const these = samples.filter(({ outcome }) => outcome === kind);
      const failed = new Set(these.flatMap(failedChecks));
      const which = failed.size === 0 ? '' : ` (${[...failed].join(', ')})`;
      return `${kind} ${these.length} of ${samples.length}${which}`;
    })
    .join('; ');
}

const failedChecks = ({ tests }: Sample): string[] =>
  tests
    .flatMap(({ checks }) => checks)
    .filter(({ outcome, consequenceOf }) => outcome === 'fail' && consequenceOf === undefined)
    .map(({ id }) => id);

/** Deliveries that were owed and never came, of all acknowledged messages: the least and the most of all runs. */
function lost(samples: readonly Sample[]): string {
  const counts = samples.map(({ tests }) => figure(tests, 'messages-lost', 'lost'));
  const known = counts.filter((count) => count !== null);
  if (known.length === 0) return 'not judged';
  const acknowledged = samples.map(({ figures }) => figures.messages.acknowledged);
  return `${range(known, String)} of ${range(acknowledged, String)}`;
}

function figure(tests: Sample['tests'], id: string, name: string): number | null {
  const check = tests.flatMap(({ checks }) => checks).find((each) => each.id === id);
  return check === undefined || check.outcome === 'skipped' ? null : (check.figures[name] ?? null);
}

function times(all: readonly (number | null)[]): string {
  const known = all.filter((ms) => ms !== null);
  return known.length === 0 ? '–' : range(known, inWords);
}

function range(all: readonly number[], say: (value: number) => string): string {
  const [least, most] = [say(Math.min(...all)), say(Math.max(...all))];
  return least === most ? least : `${least} – ${most}`;
}

function maximum(all: readonly (number | null)[]): number | null {
  const known = all.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Addresses are linked, and what they say of a place there stays beside them; files of this repository start at its root. */
function sourceOf({ documents: { where } }: Case): string {
  const [, address, place = ''] = /^(https?:[^\s,]+)(.*)$/.exec(where) ?? [];
  if (address !== undefined) return `[source](${address})${place}`;
  return /^(examples|reference)\//.test(where) ? `[source](../${where})` : where;
}
