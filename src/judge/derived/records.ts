import type { EventOf } from '../../history/events.js';
import { records, type RecordHistory } from '../facts/records.js';
import { seatsOf } from '../facts/seats.js';
import { fail, pass, present, sessionCause, unknown } from '../finding.js';
import type { Context, Finding } from '../port.js';
import { count, list, listed, sessionsInWords } from '../words.js';

type Of = RecordHistory['of'];

/** What became of one record. `restless`: it changes by itself, so that nothing can be said. */
type Fate = 'same' | 'changed' | 'gone' | 'restless' | 'unread';

interface Fated {
  readonly record: RecordHistory;
  readonly fate: Fate;
}

/** Are all records of this kind the same after the restart? Shared by the checks of stored data. */
export function recordsKept(context: Context, of: Of): Finding {
  const seats = seatsOf(context.header);
  const all = context
    .facts(records)
    .records.filter(
      (record) => record.of === of && seats.isResident(record.session) && record.before.length > 0,
    )
    .map((record): Fated => ({ record, fate: fateOf(record) }));
  const having = (fate: Fate) => all.filter((one) => one.fate === fate);
  const broken = [...having('gone'), ...having('changed')];
  const figures = {
    records: all.length,
    changed: having('changed').length,
    gone: having('gone').length,
    unread: having('unread').length,
  };
  if (broken.length > 0) return isBroken(having('gone'), having('changed'), figures);
  if (all.length === 0) return unknown(`No ${of} record was read before the restart`, { figures });
  const [restless] = having('restless');
  if (restless) return isRestless(restless.record, figures);
  const unread = having('unread');
  if (unread.length > 0) return areUnread(unread, figures);
  return pass(`${count(all.length, `${of} record`)}, each identical to what it was before`, { figures });
}

function fateOf({ before, after }: RecordHistory): Fate {
  const [first] = before;
  const last = after.at(-1);
  if (before.some(({ digest }) => digest !== first?.digest)) return 'restless';
  if (!last) return 'unread';
  if (last.digest === first?.digest) return 'same';
  return last.digest === null ? 'gone' : 'changed';
}

function isBroken(gone: readonly Fated[], changed: readonly Fated[], figures: Finding['figures']): Finding {
  const named = (fated: readonly Fated[]) => {
    const names = listed(fated.map(({ record }) => record.name));
    return `${names} of ${sessionsInWords(fated.map(({ record }) => record.session))}`;
  };
  const fields = [...new Set(changed.flatMap(({ record }) => changedFields(record)))];
  const which = fields.length === 0 ? '' : ` (${list(fields)})`;
  const parts = [
    gone.length > 0 ? `${named(gone)} ${gone.length === 1 ? 'is' : 'are'} gone` : null,
    changed.length > 0 ? `${named(changed)} changed${which}` : null,
  ];
  const all = [...gone, ...changed].map(({ record }) => record);
  return fail(present(parts).join('; '), {
    figures,
    evidence: all.slice(0, 4).flatMap(({ before, after }) => present([before[0], after.at(-1)])),
    blames: all.map(({ session }) => sessionCause(session)),
  });
}

function isRestless({ name, before }: RecordHistory, figures: Finding['figures']): Finding {
  const [first] = before;
  const other = before.find(({ digest }) => digest !== first?.digest);
  const fields = differing(first, other);
  const which = fields.length === 0 ? '' : ` (${list(fields)})`;
  const advice = 'it changes by itself: pick fields of it that stay, or leave out those that do not';
  const summary = `Two readings of ${name} before the restart differ${which}; ${advice}`;
  return unknown(summary, { figures, evidence: present([first, other]) });
}

function areUnread(unread: readonly Fated[], figures: Finding['figures']): Finding {
  const sessions = unread.map(({ record }) => record.session);
  const reasons = unread.flatMap(({ record }) => record.unread.map(({ reason }) => reason));
  const why = reasons.length === 0 ? '' : ` (${listed(reasons, 2)})`;
  const names = listed(unread.map(({ record }) => record.name));
  return unknown(`${names} of ${sessionsInWords(sessions)} could not be read after the restart${why}`, {
    figures,
    evidence: unread.slice(0, 3).flatMap(({ record }) => record.unread.slice(0, 1)),
    blames: sessions.map(sessionCause),
  });
}

const changedFields = ({ before, after }: RecordHistory) => differing(before[0], after.at(-1));

/** The names of the fields (`name:digest`) that two readings do not share. */
function differing(
  one: EventOf<'record'> | undefined,
  other: EventOf<'record'> | undefined,
): readonly string[] {
  const [first, second] = [new Set(one?.fields), new Set(other?.fields)];
  const unshared = [...first].filter((field) => !second.has(field));
  const added = [...second].filter((field) => !first.has(field));
  return [...new Set([...unshared, ...added].map((field) => field.replace(/[:=][^:=]*$/, '')))];
}
