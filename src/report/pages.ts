import { errorCodes, type Blame, type ErrorCode } from '../base/errors.js';
import { testIds } from '../history/events.js';
import type { Described } from './catalogue.js';
import { codes, errorWords } from './error-words.js';
import { facetWords, testWords } from './test-words.js';

/** A page of the documentation: its name below `docs/`, and its Markdown. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** The pages that are made from the code: one for each check, their index, and that of the errors. */
export function pages(checks: readonly Described[]): Page[] {
  return [
    { file: 'checks/README.md', text: index(checks) },
    ...checks.map((check) => ({ file: `checks/${check.id}.md`, text: checkPage(check) })),
    { file: 'errors.md', text: errorPage() },
  ];
}

function index(checks: readonly Described[]): string {
  const sections = testIds.flatMap((test) => [
    `## ${test}`,
    testWords[test].proves,
    checks
      .filter((check) => check.test === test)
      .map(({ id, about }) => `- [${id}](${id}.md): ${about.question}`)
      .join('\n'),
  ]);
  const intro =
    'Each page is made from the check itself; `outlast explain CHECK` shows the same. Change the code, then run `npx tsx scripts/make-docs.ts`.';
  return page(['# The checks', intro, ...sections]);
}

function checkPage({ id, test, about, needs }: Described): string {
  return page([
    `# ${id}`,
    `Test: [${test}](README.md#${test})`,
    about.question,
    '## How it is seen',
    about.seenBy,
    ...listed('What usually causes a failure', about.causes),
    ...listed('What to look at next', about.next),
    ...listed(
      'Skipped where this is missing',
      needs.map((facet) => facetWords[facet]),
    ),
    ...(about.modes.length === 0
      ? []
      : [`In the [catalogue of failure modes](../failure-modes.md): ${about.modes.join(', ')}.`]),
  ]);
}

const exits: Readonly<Record<Blame, string>> = {
  usage: '2: the command or the config is wrong, and nothing was touched',
  target: '3: the target could not be judged',
  outlast: '4: Outlast itself failed, or could not write',
};

const inRun =
  '2: the config is wrong; the run that showed it was ended and healed, and whatever its report says of the target is no evidence';

/** What came of the disruption is not put down to the set-up; what shows only in a run has touched the target. */
const otherExits: Partial<Record<ErrorCode, string>> = {
  RESTART_FAILED: '1: the target did not outlast the disruption',
  TARGET_GONE: '1: the target did not outlast the disruption',
  MAPPING_FAILED: inRun,
  CLIENT_MISBEHAVED: inRun,
  TEXT_CHANGED: inRun,
  INTERRUPTED: '130 (SIGINT), 143 (SIGTERM) or 129 (SIGHUP, or the parent ended)',
};

function errorPage(): string {
  const entries = codes.flatMap((code) => [
    `## ${code}`,
    errorWords[code].means,
    errorWords[code].next.map((step) => `- ${step}`).join('\n'),
    `Exit code ${otherExits[code] ?? exits[errorCodes[code]]}.`,
  ]);
  const intro =
    'Every error has a code, which stands in brackets after its message. `outlast explain CODE` shows what stands here.';
  return page(['# Errors', intro, ...entries]);
}

const listed = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`## ${title}`, items.map((item) => `- ${item}`).join('\n')];

const page = (blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;
