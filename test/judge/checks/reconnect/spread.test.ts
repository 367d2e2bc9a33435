import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../../src/contract/contracts.js';
import { Rollout, type Plot } from '../../rollout.js';
import { fast, three } from '../../rollouts.js';
import { rollout as right } from '../../stories.js';
import { changing, without } from '../../story.js';
import { whole } from '../../told/shown.js';

const id = 'spread';
const first: Plot['place'] = (instances) => instances.find(({ isReady }) => isReady);

describe('spread', () => {
  it('says where all are when the fullest was preferred, and blames them', () => {
    const { is, says, figures, shows, blames } = whole(new Rollout({ place: first }), id);
    expect({ is, says, figures, shows }).toEqual({
      is: 'fail',
      says: '40 on backend.1, 0 on backend.2: so are 40 sessions in the end; 49 of 49 times that the balancer had a choice, it took the replica that had the most already',
      figures: { replicas: 2, sessions: 40, most: 40, withChoice: 0, chosen: 49, fullest: 49 },
      shows: 'open@1758.51 s1, open@1758.51 s2, open@1758.51 s3, open@1758.51 s4',
    });
    expect(blames.split(', ')).toHaveLength(40);
  });

  it('says where all are when they are spread', () => {
    expect(whole(right, id)).toEqual({
      is: 'pass',
      says: '40 on backend.1, 0 on backend.2: so are 40 sessions in the end: 40 of them came when only one was ready, and the balancer did not prefer the fuller one',
      figures: { replicas: 2, sessions: 40, most: 40, withChoice: 0, chosen: 30, fullest: 0 },
      shows: '',
      blames: '',
    });
    expect(whole(three, id)).toEqual({
      is: 'pass',
      says: '20 on backend.1, 20 on backend.2, 0 on backend.3: so are 40 sessions in the end',
      figures: { replicas: 3, sessions: 40, most: 20, withChoice: 0, chosen: 39, fullest: 0 },
      shows: '',
      blames: '',
    });
  });

  it('says who came when only one was ready', () => {
    expect(whole(new Rollout({ downMs: 900 }), id)).toEqual({
      is: 'pass',
      says: '40 on backend.1, 0 on backend.2: so are 40 sessions in the end: 40 of them came when only one was ready, and the balancer did not prefer the fuller one',
      figures: { replicas: 2, sessions: 40, most: 40, withChoice: 0, chosen: 30, fullest: 0 },
      shows: '',
      blames: '',
    });
  });

  it('passes a handful on one where none had a choice, and is unknown where all had', () => {
    const few = { sessions: 2, contract: exactlyOnce(fast), place: first };
    expect(whole(new Rollout({ ...few, downMs: 900, pauseMs: 20 }), id)).toEqual({
      is: 'pass',
      says: '2 on backend.1, 0 on backend.2: so are 2 sessions in the end: 2 of them came when only one was ready, and the balancer did not prefer the fuller one',
      figures: { replicas: 2, sessions: 2, most: 2, withChoice: 0, chosen: 1, fullest: 1 },
      shows: '',
      blames: '',
    });
    expect(whole(new Rollout({ ...few, surge: true }), id)).toEqual({
      is: 'unknown',
      says: '2 on backend.1, 0 on backend.2: so are 2 sessions in the end: too few to tell it from chance',
      figures: { replicas: 2, sessions: 2, most: 2, withChoice: 2, chosen: 4, fullest: 4 },
      shows: '',
      blames: '',
    });
  });

  it('speaks of one session as of one', () => {
    const alone = without(right, (event) => 'session' in event && event.session !== '1');
    expect(whole(alone, id)).toEqual({
      is: 'pass',
      says: '1 on backend.1, 0 on backend.2: so is 1 session in the end: 1 of them came when only one was ready, and the balancer did not prefer the fuller one',
      figures: { replicas: 2, sessions: 1, most: 1, withChoice: 0, chosen: 0, fullest: 0 },
      shows: '',
      blames: '',
    });
  });

  it('is unknown where fewer than two replicas were ready in the end', () => {
    expect(whole(new Rollout({ replicas: 1 }), id)).toEqual({
      is: 'unknown',
      says: 'Fewer than two replicas were ready in the end',
      figures: { replicas: 1, sessions: 40, most: 40, withChoice: 0, chosen: 0, fullest: 0 },
      shows: '',
      blames: '',
    });
    const strange = changing(right, (event) => (event.kind === 'open' ? { ...event, instance: 'x' } : event));
    expect(whole(strange, id).says).toBe('No session was on an instance that is known at a door');
  });
});
