/** The form of a recording policy: what is sent, and what is wrong at which field. */
import {
  FIELDS,
  NEW_POLICY,
  bodyOf,
  byPrecedence,
  draftOf,
  faultOfServer,
  faultsOf,
} from '../../../agent-web/src/policies/policy-draft';
import type { PolicyDraft, PolicyFault, PolicyFaults } from '../../../agent-web/src/policies/policy-draft';
import { recordingPolicyBodySchema } from '../../../api/contract/recording-policies';
import type { RecordingPolicyView } from '../../../api/contract/recording-policies';
import { checkRecordingPolicy } from '../../../calls/recording-policy';
import type { RecordingPolicy } from '../../../store/recording-policies';

const draft = (about: Partial<PolicyDraft> = {}): PolicyDraft => ({
  ...NEW_POLICY,
  id: 'one',
  queues: ['a'],
  ...about,
});

const view = (id: string, about: object): RecordingPolicyView => ({
  id,
  ...recordingPolicyBodySchema.parse({ mode: 'always', ...about }),
});

it('a new policy is sent as the API has its defaults', () => {
  const sent = recordingPolicyBodySchema.parse(bodyOf(draft()));
  expect(sent).toEqual(recordingPolicyBodySchema.parse({ mode: 'always', queues: ['a'] }));
});

it('what was read is sent as it was', () => {
  const read = view('cards', {
    ...{ samplePercent: 12.5, agentMay: ['pause', 'mask'], resumeAfterMs: 90_500, notice: 'beep', retentionDays: 30 },
    ...{ rooms: ['board'], numbers: ['49X.'], phones: ['2001'] },
  });
  expect({ id: 'cards', ...bodyOf(draftOf(read)) }).toEqual(read);
});

it('every field has its place in the form', () => {
  expect([...FIELDS].sort()).toEqual(Object.keys(NEW_POLICY).sort());
});

it('numbers lose their decoration', () => {
  expect(bodyOf(draft({ numbers: ['+49 (30) 2xx.', '0800-1.'] })).numbers).toEqual(['+49302XX.', '08001.']);
});

it.each<[string, Partial<PolicyDraft>]>([
  ['off', { mode: 'off' }],
  ['on-demand', { mode: 'on-demand' }],
])('with the mode %s nothing is sent that contradicts it, so that the server takes it', (_mode, about) => {
  const may = { agentMay: ['start', 'mask'], supervisorMay: ['stop', 'start'] } as const;
  const full = draft({ ...about, agentMay: [...may.agentMay], supervisorMay: [...may.supervisorMay] });
  const body = bodyOf({ ...full, samplePercent: 10, retentionDays: 30, notice: 'beep' });
  expect(checkRecordingPolicy({ ...body, _id: 'one' } as unknown as RecordingPolicy, [])).toMatchObject({ ok: true });
});

it.each<[string, Partial<PolicyDraft>, PolicyFaults]>([
  ['an id with capitals', { id: 'Cards' }, { id: { kind: 'id' } }],
  ['an id that is there', { id: 'other' }, { id: { kind: 'idTaken' } }],
  ['about no calls', { queues: [] }, { default: { kind: 'aboutNothing' } }],
  ['no share', { samplePercent: null }, { samplePercent: { kind: 'share' } }],
  ['no time', { resumeAfterS: null }, { resumeAfterS: { kind: 'resumeAfter' } }],
  ['half a second', { resumeAfterS: 0.5 }, { resumeAfterS: { kind: 'resumeAfter' } }],
  ['too many days', { retentionDays: 40_000 }, { retentionDays: { kind: 'days' } }],
  ['no number', { numbers: ['what?'] }, { numbers: { kind: 'pattern' } }],
  ['nobody who starts', { mode: 'on-demand' }, { agentMay: { kind: 'nobodyStarts' } }],
  ['a queue of another', { queues: ['b'] }, { queues: { kind: 'taken', name: 'b', policy: 'other' } }],
  ['a room of another', { rooms: ['r'] }, { rooms: { kind: 'taken', name: 'r', policy: 'other' } }],
  ['a second default', { default: true }, { default: { kind: 'defaultTaken', policy: 'other' } }],
  ['nothing wrong', { samplePercent: 0.01, resumeAfterS: 1, retentionDays: 36_500 }, {}],
])('%s', (_what, about, faults) => {
  const other = view('other', { queues: ['b'], rooms: ['r'], default: true });
  expect(faultsOf(draft(about), [other])).toEqual(faults);
});

it.each<[Partial<PolicyDraft>, readonly [string, PolicyFault]]>([
  [{ queues: ['b'] }, ['queues', { kind: 'taken', name: 'b', policy: 'other' }]],
  [{ default: true }, ['default', { kind: 'defaultTaken', policy: 'other' }]],
  [{ queues: [] }, ['default', { kind: 'aboutNothing' }]],
  [{ mode: 'on-demand' }, ['agentMay', { kind: 'nobodyStarts' }]],
])('what the server has against %j stands at its field', (about, at) => {
  const asKept = (id: string, body: object): RecordingPolicy => ({ ...body, _id: id }) as RecordingPolicy;
  const other = asKept('other', view('other', { queues: ['b'], default: true }));
  const checked = checkRecordingPolicy(asKept('one', bodyOf(draft(about))), [other]);
  expect(checked.ok ? undefined : faultOfServer(checked.fault.about)).toEqual(at);
});

it('what is gone on the server stands at its field, what it says of no field nowhere', () => {
  const gone = { key: 'policy-target-unknown', values: { target: 'rooms', name: 'r' } };
  expect(faultOfServer(gone)).toEqual(['rooms', { kind: 'unknown', name: 'r' }]);
  expect(faultOfServer({ key: 'number-class', values: {} })).toBeUndefined();
  expect(faultOfServer(undefined)).toBeUndefined();
});

it('the most particular policy comes first, the default last', () => {
  const policies = [
    view('z', { default: true }),
    view('b', { queues: ['q'] }),
    view('a', { queues: ['r'], agents: ['x'] }),
  ];
  expect(byPrecedence([...policies, view('c', { queues: ['s'] })]).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'z']);
});
