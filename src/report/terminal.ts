import { checkById, titleOf } from '../judge/index.js';
import type { CheckResult, TestResult, Verdict } from '../judge/verdict.js';
import { eventInWords } from './evidence.js';
import { disruptionRows, runRows, type Row } from './figures.js';
import { columns, hanging, mark, pad, plainLook, safe, sign, wrap, type Look } from './layout.js';
import { storyOf, type Cause, type Skipped, type Story, type Told } from './story.js';

export interface TerminalOptions extends Partial<Look> {
  /** Where the run lies, and what is in it. */
  readonly folder?: string;
  readonly files?: readonly string[];
}

const evidenceShown = 6;

/**
 * A verdict for someone who looks at a terminal: what failed comes first, with who, which and when; then the six; then what
 * was not judged, the figures, where the files are and what to do next. Everything that a history says is escaped.
 */
export function terminal(verdict: Verdict, options: TerminalOptions = {}): string {
  const look = { ...plainLook, ...options };
  const story = storyOf(verdict);
  if (neverBegan(verdict)) return told([headline(verdict, story, look), whereNext(verdict, story, look)]);
  const sections = [
    headline(verdict, story, look),
    ...story.causes.map((cause) => failure(cause, look)),
    titled('Not known', story.unknown, look, doubt),
    table(verdict.tests, look),
    titled('Skipped', story.skipped, look, skippedLines),
    titled('Not promised by the contract', story.unpromised, look, doubt),
    figureLines(verdict, look),
    titled('Notes', verdict.notes, look, noteLines),
    whereNext(verdict, story, look),
  ];
  return told(sections);
}

/** Ended before anything was disrupted: that no check could see anything is one thing to say, not thirty. */
const neverBegan = ({ outcome, reason, disruptions }: Verdict) =>
  outcome === 'unknown' && reason !== undefined && disruptions.length === 0;

const told = (sections: readonly (readonly string[])[]) =>
  sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');

function headline(verdict: Verdict, story: Story, look: Look): string[] {
  const word = verdict.outcome.toUpperCase();
  const said = safe(sentence(verdict, story), look);
  const [first = '', ...rest] = wrap(said, look.width - columns(word) - 6);
  const lead = `  ${look.paint('strong', look.paint(verdict.outcome, word))}  ${look.paint('strong', first)}`;
  return [lead, ...rest.map((line) => ' '.repeat(columns(word) + 4) + line)];
}

function sentence(verdict: Verdict, story: Story): string {
  const of = verdict.tests.length;
  const failed = verdict.tests.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  const what = disruptionsInWords(verdict.disruptions);
  const reason = verdict.reason === undefined ? '' : `: ${verdict.reason}`;
  if (verdict.outcome === 'fail')
    return `${failed.length} of ${of} failed: ${failed.join(', ')}${reason && `; ${verdict.reason ?? ''}`}`;
  if (verdict.outcome === 'pass') {
    return `${story.judged} of ${of} judged: user sessions outlasted ${what || 'it'}${reason && `; ${verdict.reason ?? ''}`}`;
  }
  return verdict.outcome === 'skipped' ? `nothing was judged${reason}` : `it cannot be said${reason}`;
}

/** Each in its turn; the same several times in a row is told once. */
function disruptionsInWords(disruptions: Verdict['disruptions']): string {
  const runs: { readonly words: string; times: number }[] = [];
  for (const { type, services } of disruptions) {
    const words = `the ${titleOf(type)}${services.length > 0 ? ` of ${services.join(', ')}` : ''}`;
    const last = runs.at(-1);
    if (last?.words === words) last.times += 1;
    else runs.push({ words, times: 1 });
  }
  return runs.map(({ words, times }) => (times === 1 ? words : `${words} (${times} times)`)).join(' and ');
}

function failure(cause: Cause, look: Look): string[] {
  const { check, test } = cause;
  const title = `${mark('fail', look)} ${look.paint('quiet', `${test} ${sign('dot', look)}`)} ${look.paint('strong', check.id)}`;
  return [
    `  ${title}`,
    ...hanging('    ', 4, safe(check.summary, look), look.width),
    ...evidence(check, look),
    ...advice(check, look),
    ...consequences(cause, 4, look),
  ];
}

function evidence({ evidence }: CheckResult, look: Look): string[] {
  const lines = evidence.slice(0, evidenceShown).map((event) => `    ${eventInWords(event, look)}`);
  const more = evidence.length - lines.length;
  if (more > 0) lines.push(`      and ${more} more in verdict.json`);
  return lines.map((line) => look.paint('quiet', cut(line, look)));
}

/** What usually causes it, and what to look at next: the rest is in `outlast explain`. */
function advice({ id, likely }: CheckResult, look: Look): string[] {
  const about = checkById(id)?.about;
  if (!about) return [];
  const { cause = '', next = '' } = likely ?? { cause: about.causes[0], next: about.next[0] };
  return [
    ...hanging(`    ${look.paint('strong', 'often')}  `, 11, safe(cause, look), look.width),
    ...hanging(`    ${look.paint('strong', 'look')}   `, 11, safe(next, look), look.width),
  ];
}

const cut = (line: string, { width, unicode }: Look) =>
  columns(line) <= width ? line : [...line].slice(0, width - 3).join('') + (unicode ? '…' : '...');

/** What a cause explains stands beneath it, set in. */
function consequences({ explains }: Cause, indent: number, look: Look): string[] {
  return explains.flatMap((cause) => {
    const id = `${cause.check.id}: `;
    const lead = `${' '.repeat(indent)}${sign('leads', look)} ${look.paint('fail', cause.check.id)}: `;
    const taken = indent + 2 + columns(id);
    return [
      ...hanging(lead, taken, safe(cause.check.summary, look), look.width),
      ...consequences(cause, indent + 2, look),
    ];
  });
}

function doubt({ check }: Told, look: Look): string[] {
  const lead = `    ${mark(check.outcome, look)} ${look.paint('strong', check.id)}: `;
  return hanging(lead, 8 + columns(check.id), safe(check.summary, look), look.width);
}

function skippedLines({ reason, checks }: Skipped, look: Look): string[] {
  const names = checks.map(({ check }) => check.id).join(', ');
  const lead = `    ${mark('skipped', look)} `;
  return hanging(lead, 6, safe(`${names}: ${reason}`, look), look.width);
}

/** The six: mark, test, one sentence with its figure. */
function table(tests: readonly TestResult[], look: Look): string[] {
  const wide = Math.max(0, ...tests.map(({ id }) => columns(id)));
  return tests.flatMap(({ id, outcome, headline, reason }) => {
    const lead = `  ${mark(outcome, look)} ${look.paint('strong', pad(id, wide))}  `;
    const said = outcome === 'skipped' && reason ? `skipped: ${reason}` : headline;
    return hanging(lead, wide + 6, safe(said, look), look.width);
  });
}

function figureLines({ disruptions, figures }: Verdict, look: Look): string[] {
  return rowLines([...disruptions.flatMap(disruptionRows), ...runRows(figures)], look);
}

function whereNext(verdict: Verdict, story: Story, look: Look & TerminalOptions): string[] {
  const { folder, files = [] } = look;
  const first = story.causes[0]?.check.id ?? story.unknown[0]?.check.id;
  const rows: Row[] = [];
  if (folder !== undefined)
    rows.push(['files', `${folder}${files.length > 0 ? ` (${files.join(', ')})` : ''}`]);
  if (verdict.outcome !== 'skipped') rows.push(['seed', verdict.seed]);
  if (first !== undefined && !neverBegan(verdict)) rows.push(['next', `outlast explain ${first}`]);
  return rowLines(rows, look);
}

function rowLines(rows: readonly Row[], look: Look): string[] {
  const wide = Math.max(9, ...rows.map(([name]) => columns(name)));
  return rows.flatMap(([name, said]) => {
    const lead = `  ${look.paint('quiet', pad(safe(name, look), wide))}  `;
    return hanging(lead, wide + 4, safe(said, look), look.width);
  });
}

const noteLines = (note: string, look: Look) => hanging('    ', 4, safe(note, look), look.width);

/** A titled section, or none where there is nothing to say. */
function titled<Item>(
  title: string,
  items: readonly Item[],
  look: Look,
  lines: (item: Item, look: Look) => readonly string[],
): string[] {
  if (items.length === 0) return [];
  return [`  ${look.paint('strong', title)}`, ...items.flatMap((item) => lines(item, look))];
}
