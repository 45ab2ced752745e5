/** The journal and the record were not written at the same moment: who has the last word. */
import { emptyState } from '../../../../acd/core/state';
import { step } from '../../../../acd/core/step';
import type { AcdEvent, AcdState } from '../../../../acd/core/model';
import { asId } from '../../../../base/ids';
import type { AgentId, CallId, ContactId, InteractionId, OfferId, QueueId } from '../../../../base/ids';
import { CALL_RECORD_VERSION } from '../../../../calls/keep/call-record';
import type { CallRecord } from '../../../../calls/keep/call-record';
import { settleContact } from '../../../../calls/keep/settle-contact';

const [ANN, BOB] = [asId<AgentId>('ann'), asId<AgentId>('bob')];
const [SUPPORT, SALES] = [asId<QueueId>('support'), asId<QueueId>('sales')];
const contactId = asId<ContactId>('c1');
const offerId = asId<OfferId>('c1/1');

const record = (
  phase: CallRecord['phase'],
  plain: CallRecord['plain'] = {},
  wrapUpsOf: AgentId[] = [],
): CallRecord => ({
  version: CALL_RECORD_VERSION,
  interactionId: asId<InteractionId>('i1'),
  ...{
    identity: { callId: asId<CallId>('c1'), direction: 'inbound', number: '1', dialledNumber: '2', startedAtMs: 5 },
  },
  phase,
  plain: { contactId, queueId: SUPPORT, priority: 2, music: 'default', arrivedAtMs: 7, ...plain },
  variables: { values: {}, secret: [], sensitive: [] },
  joint: { made: { kind: 'apart' } },
  guests: [],
  supervisors: [],
  wrapUpsOf,
});

const play = (...events: AcdEvent[]): AcdState => {
  const setUp: AcdEvent[] = [
    ...[SUPPORT, SALES].map((queueId): AcdEvent => {
      const queue = { queueId, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 30_000 };
      return { type: 'queue-configured', queue };
    }),
    ...[ANN, BOB].map((agentId): AcdEvent => ({ type: 'agent-configured', agent: { agentId, skills: {} } })),
  ];
  return [...setUp, ...events].reduce((state, event) => step(state, event, 1_000)[0], emptyState());
};

const readyAnn: AcdEvent[] = [
  { type: 'agent-signed-in', agentId: ANN },
  { type: 'device-changed', agentId: ANN, registered: true },
  { type: 'agent-ready', agentId: ANN },
];
const arrived: AcdEvent = { type: 'contact-arrived', contactId, queueId: SUPPORT, priority: 0 };
const accepted: AcdEvent = { type: 'offer-accepted', contactId, offerId };

const queued = { kind: 'queued', queueId: SUPPORT } as const;
const ringing = { kind: 'ringing', queueId: SUPPORT, agentId: ANN, offerId } as const;
const talking = { kind: 'talking', agentId: ANN } as const;
const inFlow = { kind: 'flow', state: { kind: 'queued', step: 'queue' } } as const;

it.each([
  ['queued, and waiting', record(queued), play(arrived), queued, []],
  [
    'queued, and in another queue by now',
    record(queued),
    play(arrived, { type: 'contact-moved', contactId, queueId: SALES, keepPlace: true }),
    { kind: 'queued', queueId: SALES },
    [],
  ],
  [
    'queued, and not in the journal: it comes at its old place',
    record(queued),
    play(),
    queued,
    [{ type: 'contact-arrived', contactId, queueId: SUPPORT, priority: 2, arrivedAtMs: 7 }],
  ],
  [
    'ringing: the offers are taken back',
    record(ringing),
    play(...readyAnn, arrived),
    queued,
    [{ type: 'offers-withdrawn', contactId }],
  ],
  [
    'ringing, and accepted a moment ago: back to the queue, the place kept',
    record(ringing),
    play(...readyAnn, arrived, accepted),
    queued,
    [{ type: 'contact-moved', contactId, queueId: SUPPORT, keepPlace: true }],
  ],
  ['talking, and connected', record(talking), play(...readyAnn, arrived, accepted), talking, []],
  [
    'talking, and the answer not in the journal',
    record(talking),
    play(...readyAnn, arrived),
    talking,
    [{ type: 'offer-accepted', contactId, offerId }],
  ],
  ['talking, and given back to the queue a moment ago', record(talking), play(arrived), queued, []],
  [
    'talking, and not in the journal',
    record(talking),
    play(),
    talking,
    [{ type: 'contact-begun', contactId, agentId: ANN, queueId: SUPPORT, arrivedAtMs: 7 }],
  ],
  [
    'consulting: on hold',
    record({ kind: 'consulting', agentId: ANN }),
    play(...readyAnn, arrived, accepted),
    { kind: 'held', agentId: ANN },
    [],
  ],
  ['in the flow', record(inFlow), play(), inFlow, []],
  ['in the flow, and queued a moment ago', record(inFlow), play(arrived), queued, []],
  [
    'in the flow, and let go by its agent a moment ago',
    record(inFlow),
    play(...readyAnn, arrived, accepted),
    inFlow,
    [{ type: 'contact-left', contactId }],
  ],
  ['being transferred, with a queue: back there', record({ kind: 'transferring' }), play(arrived), queued, []],
  [
    'being transferred, without a queue: it cannot go on',
    record({ kind: 'transferring' }, { queueId: undefined }),
    play(),
    undefined,
    [],
  ],
  [
    'over, and in wrap-up',
    record({ kind: 'ended' }, {}, [ANN]),
    play(...readyAnn, arrived, accepted, { type: 'contact-ended', contactId }),
    { kind: 'ended' },
    [],
  ],
  ['over, and its wrap-up too', record({ kind: 'ended' }, {}, [ANN]), play(...readyAnn), undefined, []],
] as const)('%s', (_what, of, state, phase, events) => {
  expect(settleContact(state, of)).toEqual({ phase, events });
});
