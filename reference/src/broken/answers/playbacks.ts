import type { Answer, AnswerStore, Part } from '../../backend/answers/answers.js';
import { endFrame, frame, partFrame, playerAfter, type Playback } from '../../backend/answers/playback.js';

/** Begins with the last part that the reader has. */
export const repeatsAPart: Playback = (_answer, cursor) =>
  playerAfter(cursor, (after) => Math.max(0, after - 1));

/** Begins after the part that the reader lacks. */
export const skipsAPart: Playback = (_answer, cursor) =>
  playerAfter(cursor, (after) => (cursor === undefined ? 0 : after + 1));

/** Does not look at what the reader says. */
export const forgetsCursors: Playback = (_answer, cursor) => playerAfter(cursor, () => 0);

/** Who listens from the beginning is told that it is over; who has come back is not. */
export const neverEnds: Playback = (_answer, cursor) => ({
  ...playerAfter(cursor),
  end: cursor === undefined ? endFrame : () => undefined,
});

/** Numbers of parts are four bytes. */
const beyondAll = 2_000_000_000;

/** Who comes back is let in, and hears nothing. */
export const hangs: Playback = (_answer, cursor) =>
  cursor === undefined
    ? playerAfter(cursor)
    : { ...playerAfter(cursor, () => beyondAll), end: () => undefined };

/** After each part says how the answer stands, in a frame that has an id as well. */
export const statesMoveTheCursor: Playback = (_answer, cursor) => ({
  ...playerAfter(cursor),
  say: (parts) => parts.map((part) => partFrame(part) + stateFrame(part)).join(''),
});

const stateFrame = ({ number }: Part) => frame('state', { state: 'running' }, String(number + 1));

const readLimit = 10_000;

/** Ids are how many characters have been said; where the reader comes back, as many bytes are left out. */
export function cutsInBytes(store: AnswerStore): Playback {
  return async (answer, cursor) => {
    if (cursor === undefined) return countingCharacters(0, 0, '');
    const [page] = await store.read([{ answerId: answer.id, after: 0 }], readLimit);
    const text = (page?.parts ?? []).map((part) => part.text).join('');
    const rest = Buffer.from(text).subarray(Number(cursor)).toString();
    return countingCharacters(page?.parts.length ?? 0, text.length, rest);
  };
}

/** `rest`: said before what comes next. */
function countingCharacters(after: number, saidBefore: number, rest: string) {
  let said = saidBefore;
  let left = rest;
  const takeRest = () => {
    const text = left;
    left = '';
    return text === '' ? '' : frame('part', { text }, String(said));
  };
  const numbered = ({ text }: Part) => frame('part', { text }, String((said += text.length)));
  return {
    after,
    say: (parts: readonly Part[]) => takeRest() + parts.map(numbered).join(''),
    end: (answer: Pick<Answer, 'id' | 'state'>) => takeRest() + endFrame(answer),
  };
}
