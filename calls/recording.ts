/** Recording of a call: both parties, each on its own channel of one file. */
import { newId } from '../base/ids';
import type { AgentId, EndpointId, RecordingId } from '../base/ids';
import type { RecordingChannel, RecordingRequest } from '../media/ports';
import type { RecordingActor, RecordingEntry } from '../store/interaction';
import type { ActiveRecording, Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { applyMask, closeSilence, dropMask, openSilence } from './recording-mask';
import { isAtMailbox, messageOf } from './mailbox';
import { beginNotice, endNotice } from './recording-notice';
import { isWanted, ruleOf, settleTerms } from './recording-terms';
import type { RecordingTerms } from './recording-terms';
import { nearLegOf } from './joint';

/** A disk is not looked at more often. */
const RETRY_MS = 10_000;

/**
 * The parties are joined, for the first time or with another agent: records them, goes on, or ends it, as the policy
 * has it for whom they are now.
 */
export const recordConversation = async (ctx: CallContext, call: Call): Promise<void> => {
  const before = call.recordingTerms;
  const terms = settleTerms(ctx, call);
  const by = { kind: 'policy', id: terms.choice.id } as const;
  if (!isWanted(call, terms)) return stopRecording(ctx, call, by);
  if (call.recording) await recordParties(ctx, call);
  else await startRecording(ctx, call, by);
  if (!call.recording) recordLater(ctx, call);
  keepAsLong(ctx, call, before);
  await beginNotice(ctx, call);
};

/**
 * Looks every ten seconds whether what prevented it is over, such as a full disk, as long as the recording is wanted. The
 * next file of the interaction begins then.
 */
const recordLater = (ctx: CallContext, call: Call): void => {
  call.recordingRetry?.cancel();
  call.recordingRetry = ctx.clock.after(RETRY_MS, () => onCall(ctx, call, () => recordAgain(ctx, call)));
};

const recordAgain = async (ctx: CallContext, call: Call): Promise<void> => {
  const { recordingTerms: terms } = call;
  if (call.phase.kind === 'ended' || call.recording || !terms || !isWanted(call, terms)) return;
  await startRecording(ctx, call, { kind: 'system' });
  if (!call.recording) return recordLater(ctx, call);
  await beginNotice(ctx, call);
  callChanged(ctx, call);
};

/**
 * Another policy may have taken over while it runs: the one that keeps it longest counts, where a policy without days
 * means the center's. The first policy has its own word, though: before it none had said anything.
 */
const keepAsLong = (ctx: CallContext, call: Call, before: RecordingTerms | undefined): void => {
  const { retentionDays } = ruleOf(call);
  const entry = call.log.interaction.recordings.find(({ n }) => n === call.recording?.n);
  if (!entry) return;
  const { retentionDays: keptDays, ...rest } = entry;
  const daysOf = (days: number | undefined): number => days ?? ctx.routing.retentionDays ?? Infinity;
  const isFirstWord = before?.choice.id === undefined;
  if (isFirstWord ? retentionDays === keptDays : daysOf(retentionDays) <= daysOf(keptDays)) return;
  call.log.putRecording({ ...rest, ...(retentionDays !== undefined && { retentionDays }) });
};

/**
 * Begins to record the customer, and the agent or whom else the customer was put through to, if anybody is there yet. A
 * call that cannot be recorded goes on, with an error in the log.
 */
export const startRecording = async (ctx: CallContext, call: Call, by: RecordingActor): Promise<void> => {
  const { customer, phase, third } = call;
  const other = nearLegOf(call);
  if (!customer?.codec) return;
  if (!(await beginFile(ctx, call, { codec: customer.codec, near: customer.endpointId, by }))) return;
  // Before anybody is heard in it.
  openSilence(ctx, call);
  await applyMask(ctx, call);
  const consulted = phase.kind === 'consulting' && third?.state.kind === 'talking' ? third.leg : undefined;
  await attach(ctx, call, { channel: 0, endpointId: (consulted ?? customer).endpointId });
  if (other) await attach(ctx, call, { channel: 1, endpointId: other.endpointId });
};

/** Begins the interaction's next file. False when it could not be begun. */
const beginFile = async (
  ctx: CallContext,
  call: Call,
  of: Pick<RecordingRequest, 'codec' | 'near' | 'continues'> & { readonly by: RecordingActor },
): Promise<boolean> => {
  const { by, ...request } = of;
  const { retentionDays } = ruleOf(call);
  const recordingId = newId<RecordingId>();
  const n = call.log.interaction.recordings.length + 1;
  const startedAtMs = ctx.clock.nowMs();
  const path = recordingPath(startedAtMs, `${call.log.interaction._id}-${n}.wav`);
  const started = await ctx.media.startRecording({ recordingId, path, ...request });
  if (!started.ok) {
    ctx.log.error({ callId: call.callId, fault: started.fault }, 'the recording could not be started');
    return false;
  }
  call.recording = { recordingId, n };
  const entry: RecordingEntry = {
    n,
    recordingId,
    path,
    startedAtMs,
    durationMs: 0,
    channels: ['caller', 'agent'],
    sizeBytes: 0,
    ...(isAtMailbox(call) && { isMessage: true }),
    ...(retentionDays !== undefined && { retentionDays }),
  };
  call.log.putRecording(entry);
  call.log.addRecordingAct({ act: 'start', by, n });
  return true;
};

/** One party's sound goes to one channel from now on; that it does not is worth an error in the log. */
const attach = async (
  ctx: CallContext,
  call: Call,
  party: { channel: RecordingChannel; endpointId: EndpointId },
): Promise<void> => {
  if (!call.recording) return;
  const attached = await ctx.media.attachRecording(call.recording.recordingId, party.channel, party.endpointId);
  if (attached.ok) noteAgent(call, party.endpointId);
  else ctx.log.error({ callId: call.callId, ...party, fault: attached.fault }, 'a party is missing in the recording');
  if (party.channel === 1) await attachBeside(ctx, call, party.endpointId);
};

/** Whoever else the customer hears is on the agent's channel: guests, and supervisors who take part. */
const attachBeside = async (ctx: CallContext, call: Call, first: EndpointId): Promise<void> => {
  const guests = call.phase.kind === 'consulting' ? [] : call.guests.map(({ leg }) => leg);
  const barging = call.supervisors.filter(({ isThere, mode }) => isThere && mode === 'barge').map(({ leg }) => leg);
  for (const leg of [...guests, ...barging]) {
    if (!leg || !call.recording || leg.endpointId === first) continue;
    const added = await ctx.media.alsoRecord(call.recording.recordingId, 1, leg.endpointId);
    if (added.ok) noteAgent(call, leg.endpointId);
    else ctx.log.error({ callId: call.callId, fault: added.fault }, 'a party is missing in the recording');
  }
};

/** Every agent who is heard in a recording is named in it, so that it is found by each. */
const noteAgent = (call: Call, endpointId: EndpointId): void => {
  const entry = call.log.interaction.recordings.find(({ n }) => n === call.recording?.n);
  const agentId = agentAt(call, endpointId);
  if (!entry || agentId === undefined || entry.agentIds?.includes(agentId)) return;
  call.log.putRecording({ ...entry, agentIds: [...(entry.agentIds ?? []), agentId] });
};

const agentAt = (call: Call, endpointId: EndpointId): AgentId | undefined => {
  const { agentLeg, third, customer, colleague } = call;
  const guest = call.guests.find(({ leg }) => leg?.endpointId === endpointId);
  if (guest) return guest.agentId;
  if (agentLeg?.endpointId === endpointId) return agentLeg.agentId;
  if (third?.leg?.endpointId === endpointId) return third.agentId;
  return customer?.endpointId === endpointId ? colleague?.agentId : undefined;
};

/** Others talk with each other than before: the same recording goes on with the customer, and with whom that is now. */
export const recordParties = async (ctx: CallContext, call: Call): Promise<void> => {
  const { customer } = call;
  const near = nearLegOf(call);
  if (!customer || !near) return;
  await recordEndpoints(ctx, call, { caller: customer.endpointId, agent: near.endpointId });
};

/** Who is heard on the recording's two channels from now on. */
export const recordEndpoints = async (
  ctx: CallContext,
  call: Call,
  heard: { caller: EndpointId; agent: EndpointId },
): Promise<void> => {
  await attach(ctx, call, { channel: 0, endpointId: heard.caller });
  await attach(ctx, call, { channel: 1, endpointId: heard.agent });
};

/** Who talks beside the agent, or in the agent's place, has come or gone: the second channel holds them all. */
export const recordVoices = async (ctx: CallContext, call: Call): Promise<void> => {
  const near = nearLegOf(call);
  if (near) await attach(ctx, call, { channel: 1, endpointId: near.endpointId });
};

/** After a consultation, or back on another leg: the customer is on the first channel again. */
export const recordCustomer = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.customer) await attach(ctx, call, { channel: 0, endpointId: call.customer.endpointId });
  await applyMask(ctx, call);
};

/** The agent is gone, the customer is still recorded. */
export const stopRecordingAgent = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.recording) await ctx.media.detachRecording(call.recording.recordingId, 1);
};

/** The caller is gone, the agent is still recorded. */
export const stopRecordingCustomer = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.recording) await ctx.media.detachRecording(call.recording.recordingId, 0);
};

/**
 * The process that wrote it is gone: what was written until then is one part, what comes now the next, with the same
 * parties and as silent as it was.
 */
export const recordingInterrupted = async (ctx: CallContext, call: Call, recordingId: RecordingId): Promise<void> => {
  const interrupted = call.recording;
  if (interrupted?.recordingId !== recordingId) return;
  const near = call.customer?.endpointId ?? call.agentLeg?.endpointId;
  const codec = call.customer?.codec ?? call.agentLeg?.codec ?? 'PCMA';
  const by = { kind: 'system' } as const;
  const { agentIds, retentionDays } = call.log.interaction.recordings.find(({ n }) => n === interrupted.n) ?? {};
  closeSilence(ctx, call);
  if (await beginFile(ctx, call, { codec, continues: recordingId, by, ...(near && { near }) })) {
    const entry = call.log.interaction.recordings.find(({ n }) => n === call.recording?.n);
    const kept = { ...(agentIds && { agentIds }), ...(retentionDays !== undefined && { retentionDays }) };
    if (entry) call.log.putRecording({ ...entry, ...kept });
    openSilence(ctx, call);
  } else {
    call.recording = undefined;
    endNotice(call);
    recordLater(ctx, call);
  }
  await closeFile(ctx, call, interrupted);
  callChanged(ctx, call);
};

/** Nobody stopped it, such as a full disk. It goes on in the interaction's next file as soon as it can. */
export const recordingFailed = async (ctx: CallContext, call: Call, detail: string): Promise<void> => {
  ctx.log.error({ callId: call.callId, detail }, 'a recording failed');
  // Told while the call was ending: there is nothing to record any more.
  if (call.phase.kind === 'ended') return;
  await stopRecording(ctx, call, { kind: 'system' });
  recordLater(ctx, call);
  callChanged(ctx, call);
};

/** After a restart of the app: it goes on in the same file, and in another one where media have lost it. */
export const goOnRecording = async (ctx: CallContext, call: Call, running: ReadonlySet<RecordingId>): Promise<void> => {
  const { recording, recordingTerms: terms, phase } = call;
  if (phase.kind === 'ended') return;
  if (recording && running.has(recording.recordingId)) return beginNotice(ctx, call);
  if (recording) await stopRecording(ctx, call, { kind: 'system' });
  const isJoined = phase.kind === 'talking' || phase.kind === 'held' || phase.kind === 'forwarded';
  if (recording || (isJoined && terms && isWanted(call, terms))) await recordAgain(ctx, call);
};

/** A mask outlives the recording, since it keeps keys from others too; a pause does not. */
export const stopRecording = async (ctx: CallContext, call: Call, by: RecordingActor): Promise<void> => {
  const { recording } = call;
  endNotice(call);
  call.recordingRetry?.cancel();
  if (!recording) return;
  closeSilence(ctx, call);
  if (call.recordingMask?.kind === 'paused') dropMask(ctx, call);
  call.recording = undefined;
  call.log.addRecordingAct({ act: 'stop', by, n: recording.n });
  await closeFile(ctx, call, recording);
};

/** Ends a file, and writes down how much is in it. */
const closeFile = async (ctx: CallContext, call: Call, recording: ActiveRecording): Promise<void> => {
  const stopped = await ctx.media.stopRecording(recording.recordingId);
  const entry = call.log.interaction.recordings.find((other) => other.n === recording.n);
  if (!entry) return;
  if (stopped.ok) {
    const { durationMs, sizeBytes } = stopped.value;
    call.log.putRecording({ ...entry, durationMs, sizeBytes, ...messageOf(entry, durationMs) });
    return;
  }
  ctx.log.error({ callId: call.callId, fault: stopped.fault }, 'the recording ended early');
  // What was written until then can be played; its file says how much that is.
  const measured = await ctx.measureRecording(entry.path);
  if (measured) call.log.putRecording({ ...entry, ...measured, ...messageOf(entry, measured.durationMs) });
};

/** One folder a day (UTC), so that none grows without bound. */
const recordingPath = (atMs: number, file: string): string => `${new Date(atMs).toISOString().slice(0, 10)}/${file}`;
