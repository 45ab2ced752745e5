/** Conference rooms as the pictures of the desk show them. */
import type { ConferenceMember, ConferenceView } from '../../../api/contract/conferences';

const member = (n: number, nowMs: number, about: Partial<ConferenceMember>): ConferenceMember => ({
  memberId: `member-${n}`,
  number: `+49302000${n}`,
  role: 'participant',
  stage: 'inside',
  sinceMs: nowMs - n * 47_000,
  voice: 'open',
  ...about,
});

const RIGHTS: ConferenceView['mayRecord'] = ['start', 'stop', 'pause', 'mask'];

/** One in session with members of every kind, one that waits, one that is empty. */
export const SAMPLE_CONFERENCES = (nowMs: number): ConferenceView[] => [
  {
    ...{ roomId: 'market', name: 'Market commentary', nameZh: '行情解读', numbers: ['4500', '+493020004500'] },
    ...{ state: 'meeting', conferenceId: 'c', startedAtMs: nowMs - 754_000 },
    ...{ locked: true, allMuted: true, recording: true, mayRecord: RIGHTS },
    members: [
      member(1, nowMs, { number: '1001', displayName: 'Anna Weber', role: 'moderator' }),
      member(2, nowMs, { role: 'moderator', voice: 'self-muted' }),
      member(3, nowMs, { voice: 'silenced', handRaisedAtMs: nowMs - 20_000 }),
      member(4, nowMs, { voice: 'silenced', holds: true }),
      member(5, nowMs, { role: 'listener', voice: 'silenced' }),
      member(6, nowMs, { role: 'listener' }),
      member(7, nowMs, { stage: 'invited', voice: undefined }),
    ],
  },
  {
    ...{ roomId: 'specialist', name: 'Specialist', nameZh: '专家连线', numbers: ['4501'] },
    ...{ state: 'gathering', conferenceId: 'd', startedAtMs: nowMs - 31_000 },
    ...{ locked: false, allMuted: false, recording: false, mayRecord: RIGHTS },
    members: [member(8, nowMs, { stage: 'waiting', voice: undefined })],
  },
  {
    ...{ roomId: 'board', name: 'Board', nameZh: '董事会', numbers: ['4502'], state: 'empty' },
    ...{ locked: false, allMuted: false, recording: false, mayRecord: RIGHTS, members: [] },
  },
];
