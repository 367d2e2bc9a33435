import { counted, hanging, type Look, mark, pad, plainLook, safe } from './layout.js';

/** What a client did with each rule, as data. */
export interface Validation {
  readonly client: string;
  readonly outcome: 'pass' | 'fail' | 'skipped';
  /** Why nothing was exercised, where nothing was. */
  readonly reason?: string;
  readonly rules: readonly {
    readonly rule: string;
    readonly outcome: 'kept' | 'broken' | 'not-exercised';
    readonly said: readonly string[];
    readonly expects: string;
    /** What to do; of what was not exercised: whether there is anything to do. */
    readonly advice: string;
  }[];
  /** What could be told better, and breaks no rule: sentences. */
  readonly hints: readonly string[];
}

type Ruling = Validation['rules'][number];

const outcomes = { kept: 'pass', broken: 'fail', 'not-exercised': 'skipped' } as const;

/** A validation for people: what is broken first, with what it did and what to do. */
export function validationText(validation: Validation, options: Partial<Look> = {}): string {
  const look = { ...plainLook, ...options };
  const { client, outcome, reason, rules, hints } = validation;
  const head = look.paint(outcome, look.paint('strong', outcome.toUpperCase()));
  if (reason !== undefined) return `  ${head}  ${safe(client, look)}: ${safe(reason, look)}\n`;
  const of = (wanted: Ruling['outcome']) => rules.filter((ruling) => ruling.outcome === wanted);
  const wide = Math.max(...rules.map(({ rule }) => rule.length));
  const sum = [
    `${counted(of('kept').length, 'rule')} kept`,
    `${of('broken').length} broken`,
    `${of('not-exercised').length} not exercised`,
  ].join(', ');
  const sorted = [...of('broken'), ...of('kept'), ...of('not-exercised')];
  const lines = sorted.flatMap((ruling) => linesOf(ruling, wide, look));
  const hinted = hints.flatMap((hint) => hanging('    ', 4, safe(`${hint}.`, look), look.width));
  const below = hints.length === 0 ? [] : ['', '  Hints', ...hinted];
  return [`  ${head}  ${safe(client, look)}: ${sum}`, '', ...lines, ...below, ''].join('\n');
}

export const validationJson = (validation: Validation): string => `${JSON.stringify(validation, null, 2)}\n`;

function linesOf({ rule, outcome, said, expects, advice }: Ruling, wide: number, look: Look): string[] {
  const first = `  ${mark(outcomes[outcome], look)} ${pad(rule, wide)}  `;
  const under = wide + 6;
  const hung = (text: string, head = ' '.repeat(under)) => hanging(head, under, safe(text, look), look.width);
  if (outcome === 'kept') return hung(expects, first);
  if (outcome === 'not-exercised') return hung(`not exercised: ${said.join('; ')}. ${advice}.`, first);
  return [
    ...hung(`expected it to ${expects}`, first),
    ...said.flatMap((did) => hung(`it ${did}`)),
    ...hung(`${advice}.`),
  ];
}
