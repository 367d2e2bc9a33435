import { printable } from '../base/printable.js';
import type { CheckResult, TestResult, Verdict } from '../judge/verdict.js';
import { eventInWords } from './evidence.js';

/** JUnit's XML as CI servers read it: a testsuite a test, a testcase a check. What is unknown is an error. */
export function junit(verdict: Verdict): string {
  const suites = verdict.tests.map((test) => suite(test, verdict));
  const all = verdict.tests.flatMap(({ checks }) => checks);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="outlast"${totals(all)}${attribute('time', seconds(verdict.figures.totalMs))}>`,
    ...(suites.length > 0 ? suites.flat() : nothingJudged(verdict)),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function suite({ id, checks }: TestResult, { startedAt }: Verdict): string[] {
  return [
    `  <testsuite${attribute('name', id)}${totals(checks)}${attribute('timestamp', startedAt)}>`,
    ...checks.flatMap((check) => testcase(id, check)),
    '  </testsuite>',
  ];
}

/** A run without any test still says that it was skipped, or why nothing is known. */
function nothingJudged({ outcome, reason = 'nothing was judged' }: Verdict): string[] {
  const kind = outcome === 'skipped' ? 'skipped' : 'error';
  return [
    `  <testsuite name="run" tests="1" failures="0" errors="${kind === 'error' ? 1 : 0}" skipped="${kind === 'skipped' ? 1 : 0}">`,
    '    <testcase classname="outlast" name="run">',
    `      <${kind}${attribute('message', reason)}/>`,
    '    </testcase>',
    '  </testsuite>',
  ];
}

function testcase(test: string, check: CheckResult): string[] {
  const head = `    <testcase${attribute('classname', `outlast.${test}`)}${attribute('name', check.id)}`;
  const inner = result(check);
  return inner.length === 0 ? [`${head}/>`] : [`${head}>`, ...inner, '    </testcase>'];
}

function result(check: CheckResult): string[] {
  const message = attribute('message', check.summary);
  if (check.outcome === 'skipped') return [`      <skipped${message}/>`];
  if (check.outcome === 'pass') return [];
  if (!check.binding)
    return [`      <system-out>${escaped(`not promised by the contract: ${check.summary}`)}</system-out>`];
  const tag = check.outcome === 'fail' ? 'failure' : 'error';
  return [`      <${tag}${message}${attribute('type', check.outcome)}>${escaped(body(check))}</${tag}>`];
}

function body({ id, summary, consequenceOf, evidence }: CheckResult): string {
  return [
    printable(summary, 2_000),
    ...(consequenceOf === undefined ? [] : [`(explained by ${consequenceOf})`]),
    ...evidence.map((event) => eventInWords(event, { unicode: true })),
    `See: outlast explain ${id}`,
  ].join('\n');
}

function totals(checks: readonly CheckResult[]): string {
  const binding = checks.filter((check) => check.binding);
  const number = (outcome: string, among: readonly CheckResult[]) =>
    String(among.filter((check) => check.outcome === outcome).length);
  return (
    attribute('tests', String(checks.length)) +
    attribute('failures', number('fail', binding)) +
    attribute('errors', number('unknown', binding)) +
    attribute('skipped', number('skipped', checks))
  );
}

const seconds = (ms: number) => (ms / 1_000).toFixed(3);
const attribute = (name: string, value: string) => ` ${name}="${escaped(printable(value, 2_000))}"`;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** XML 1.0 has no place for U+FFFE and U+FFFF; `printable` took the other forbidden ones away. */
const escaped = (text: string) =>
  text.replace(/[\ufffe\uffff]/g, '\ufffd').replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
