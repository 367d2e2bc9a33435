import { describe, expect, it } from 'vitest';
import { whole } from '../../told/shown.js';
import { around, signsIn } from './around.js';

const id = 'refresh-works';
const renews = (t: number, session: string, ok = true, status?: number) =>
  signsIn(t, session, { how: 'refresh', ok, ...(status === undefined ? {} : { status }) });

describe('refresh-works', () => {
  it('names each session and each status of a refusal once, and shows four refusals', () => {
    const told = around(
      renews(1_200, '2', false, 403),
      renews(1_210, '1', false, 401),
      [1_220, 1_230, 1_240].map((t) => renews(t, '1', false, 401)),
      renews(1_250, '3'),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'The renewal of the tokens of sessions 1 and 2 was refused since the restart (401 and 403)',
      figures: { renewed: 1, refused: 5 },
      shows: 'sign-in@1200 s2, sign-in@1210 s1, sign-in@1220 s1, sign-in@1230 s1',
      blames: 'session 2, session 1',
    });
  });

  it('counts a refusal from the beginning of the restart on, and a renewal from when all is there again', () => {
    const told = around(
      renews(999, '1', false, 401),
      renews(999, '1'),
      renews(1_000, '1'),
      renews(1_099, '1'),
      renews(1_100, '1'),
      renews(2_500, '1'),
    );
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: '2 renewals after the restart, none refused since it began',
      figures: { renewed: 2, refused: 0 },
      shows: '',
      blames: '',
    });
    expect(whole(around(renews(1_000, '1', false, 400)), id)).toMatchObject({
      is: 'fail',
      figures: { renewed: 0, refused: 1 },
    });
  });

  it.each([
    ['only signs in', signsIn(1_200, '1')],
    ['is refused a sign-in', signsIn(1_200, '1', { ok: false, status: 401 })],
    ['is told "not now"', renews(1_200, '1', false, 503)],
    ['is told nothing', renews(1_200, '1', false)],
    ['is told that it worked, and that it did not', renews(1_050, '1', true, 401)],
  ])('knows nothing of renewals where somebody %s', (_, event) => {
    expect(whole(around(event), id)).toEqual({
      is: 'unknown',
      says: 'No token was renewed after the restart',
      figures: { renewed: 0, refused: 0 },
      shows: '',
      blames: '',
    });
  });
});
