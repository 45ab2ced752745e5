/** Media that were opened anew: who is offered the new way, when, and what becomes of a call that cannot go on. */
import type { EndpointId, RecordingId } from '../../../base/ids';
import { fail, ok } from '../../../base/result';
import { ANN, SmallCenter } from './support/small-center';
import type { DialogDouble } from './support/dialog-double';

const reopen = async (center: SmallCenter, endpointId: EndpointId, kind: 'rtp' | 'webrtc' = 'rtp'): Promise<void> => {
  center.media.emit({ type: 'endpoint-reopened', endpointId, kind, sdp: `anew ${endpointId}`, reason: 'process-lost' });
  await center.pass();
};

/** What a party is offered from now on, and what it says to that. */
const offersTo = (dialog: DialogDouble | undefined, answer = ok('their answer')): string[] => {
  if (!dialog) throw new Error('there is no dialog');
  const offered: string[] = [];
  dialog.modify = (sdp?: string) => (offered.push(sdp ?? ''), Promise.resolve(answer));
  return offered;
};

const endpointsOf = (center: SmallCenter): EndpointId[] => [...center.media.endpoints.keys()];

it('each party of a conversation is offered its own new way, and the conversation goes on', async () => {
  const center = new SmallCenter();
  const invite = await center.talkWithAnn();
  const [customer, agent] = endpointsOf(center) as [EndpointId, EndpointId];
  const toCustomer = offersTo(invite.dialog);
  const toAgent = offersTo(center.newest.dialog);
  await reopen(center, customer);
  await reopen(center, agent, 'webrtc');
  expect([toCustomer, toAgent]).toEqual([[`anew ${customer}`], [`anew ${agent}`]]);
  expect(center.callOf(ANN)?.state).toBe('connected');
});

it('a party that refuses the new way ends the call as lost media do', async () => {
  const center = new SmallCenter();
  const invite = await center.talkWithAnn();
  offersTo(invite.dialog, fail('not_acceptable_media', '488'));
  await reopen(center, endpointsOf(center)[0] as EndpointId);
  const [interaction] = [...center.saved.values()];
  expect(interaction?.outcome).toEqual({ result: 'failed', reason: 'media-process-lost', party: 'system' });
});

it('a caller in the queue is offered the new way, and keeps the place', async () => {
  const center = new SmallCenter();
  const invite = center.signaling.arrive('customer');
  await center.pass();
  const offered = offersTo(invite.dialog);
  await reopen(center, endpointsOf(center)[0] as EndpointId);
  expect(offered).toHaveLength(1);
  await center.ready(ANN);
  await center.pass();
  expect(center.callOf(ANN)?.state).toBe('ringing');
});

it('a browser that rings and has not described itself is gone: the call waits for the next agent', async () => {
  const center = new SmallCenter();
  await center.ready(ANN);
  center.signaling.arrive('customer');
  await center.pass();
  await reopen(center, endpointsOf(center)[1] as EndpointId, 'webrtc');
  expect(center.callOf(ANN)).toBeUndefined();
  expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
});

it('a browser that rings is offered the new way right after its answer', async () => {
  const center = new SmallCenter();
  await center.ready(ANN);
  center.signaling.arrive('customer');
  await center.pass();
  center.newest.progress();
  await center.pass();
  const agent = endpointsOf(center)[1] as EndpointId;
  const accepted: string[] = [];
  const accept = center.media.acceptAnswer;
  center.media.acceptAnswer = (endpointId: EndpointId) => (accepted.push(endpointId), accept(endpointId));
  await reopen(center, agent, 'webrtc');
  expect(accepted).toEqual([]);
  await center.answer();
  expect(accepted).toEqual([agent]);
  expect(center.callOf(ANN)?.state).toBe('connected');
});

it('a recording that was interrupted goes on in the next file of the interaction', async () => {
  const center = new SmallCenter();
  await center.talkWithAnn();
  const [first] = [...center.media.recordings.keys()] as [RecordingId];
  center.media.emit({ type: 'recording-interrupted', recordingId: first });
  await center.pass();
  const requests = [...center.media.recordings.values()];
  expect(requests.at(-1)).toMatchObject({ continues: first });
  const [interaction] = [...center.saved.values()];
  expect(interaction?.recordings.map(({ n }) => n)).toEqual([1, 2]);
  expect(interaction?.recordings[1]?.path).not.toBe(interaction?.recordings[0]?.path);
  // Told once more, of a recording that is not the call's any longer.
  center.media.emit({ type: 'recording-interrupted', recordingId: first });
  await center.pass();
  expect([...center.saved.values()][0]?.recordings).toHaveLength(2);
});
