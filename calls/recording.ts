/** Recording of a call: both parties, each on its own channel of one file. */
import { newId } from '../base/ids';
import type { RecordingId } from '../base/ids';
import type { RecordingEntry } from '../store/interaction';
import type { Call } from './call';
import type { CallContext } from './context';

/** Begins to record customer and agent. A call that cannot be recorded goes on, with an error in the log. */
export const startRecording = async (ctx: CallContext, call: Call): Promise<void> => {
  const { customer, agentLeg } = call;
  if (!customer?.codec || !agentLeg) return;
  const recordingId = newId<RecordingId>();
  const n = call.log.interaction.recordings.length + 1;
  const startedAtMs = ctx.clock.nowMs();
  const path = recordingPath(startedAtMs, `${call.log.interaction._id}-${n}.wav`);
  const started = await ctx.media.startRecording({ recordingId, path, codec: customer.codec });
  if (!started.ok) {
    ctx.log.error({ callId: call.callId, fault: started.fault }, 'the recording could not be started');
    return;
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
  };
  call.log.putRecording(entry);
  await ctx.media.attachRecording(recordingId, 0, customer.endpointId);
  await ctx.media.attachRecording(recordingId, 1, agentLeg.endpointId);
};

export const stopRecording = async (ctx: CallContext, call: Call): Promise<void> => {
  const { recording } = call;
  if (!recording) return;
  call.recording = undefined;
  const stopped = await ctx.media.stopRecording(recording.recordingId);
  const entry = call.log.interaction.recordings.find((other) => other.n === recording.n);
  if (!entry) return;
  if (stopped.ok) {
    const { durationMs, sizeBytes } = stopped.value;
    call.log.putRecording({ ...entry, durationMs, sizeBytes });
    return;
  }
  ctx.log.error({ callId: call.callId, fault: stopped.fault }, 'the recording ended early');
  // What was written until then can be played; how long it is the media process found out when it repaired the file.
  call.log.putRecording({ ...entry, durationMs: Math.max(0, ctx.clock.nowMs() - entry.startedAtMs) });
};

/** One folder a day (UTC), so that none grows without bound. */
const recordingPath = (atMs: number, file: string): string => `${new Date(atMs).toISOString().slice(0, 10)}/${file}`;
