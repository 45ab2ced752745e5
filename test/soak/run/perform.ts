/** Does what an act says, as its people do it: by the desk's commands, by the API, or at the telephone. */
import type { SupervisionMode } from '../../../media/supervision';
import { until } from '../patience';
import { otherThan } from '../model/conversation-model';
import type { Act, Conversation, EndingAct } from '../model/conversation-model';
import type { Seat } from '../seat/seat';

const TIMEOUT_MS = 15_000;

export interface ActSeats {
  readonly a: Seat;
  readonly b: Seat;
  readonly supervisor?: Seat;
}

/** Resolves when it is done, and whoever had to answer has answered. @throws Error when the product refuses it. */
export async function perform(act: Exclude<Act, EndingAct>, state: Conversation, seats: ActSeats): Promise<void> {
  const owner = seats[state.owner];
  const other = seats[otherThan(state.owner)];
  const { callId } = owner;
  if (callId === undefined) throw new Error(`${owner.userName} has no call at the desk`);
  const target = { kind: 'agent', agentId: other.userName } as const;
  switch (act) {
    case 'hold':
    case 'resume':
      return owner.order({ command: act, callId });
    case 'mute':
    case 'unmute':
      return owner.mute(act === 'mute', callId);
    case 'transfer':
      await owner.order({ command: 'transfer', callId, target });
      return untilHas(other);
    case 'consult':
      await owner.order({ command: 'consult', callId, target });
      await other.untilTalking();
      await until('the consultation', () => owner.call?.consult?.state === 'connected', TIMEOUT_MS);
      return;
    case 'toggle':
      return owner.order({ command: 'toggle-consult', callId });
    case 'cancel':
      return owner.order({ command: 'cancel-consult', callId });
    case 'complete':
      await owner.order({ command: 'complete-transfer', callId });
      return untilHas(other);
    case 'merge':
      return owner.order({ command: 'merge-consult', callId });
    case 'drop': {
      const partyId = owner.call?.parties?.find(({ kind }) => kind === 'agent')?.partyId ?? '';
      return owner.order({ command: 'drop-party', callId, partyId });
    }
    case 'leave':
      await owner.order({ command: 'leave-call', callId });
      return untilHas(other);
    case 'leave-by-bye':
      await owner.hangUp();
      return untilHas(other);
    case 'third-says-bye':
      await other.hangUp();
      await until('the desk to know', () => owner.call?.consult === undefined && !owner.call?.parties, TIMEOUT_MS);
      return;
    case 'mask':
    case 'unmask':
    case 'pause':
      return owner.order({ command: 'recording', callId, action: act });
    case 'resume-recording':
      return owner.order({ command: 'recording', callId, action: 'resume' });
    case 'stop-recording':
      return owner.order({ command: 'recording', callId, action: 'stop' });
    case 'start-recording':
      return owner.order({ command: 'recording', callId, action: 'start' });
    case 'monitor':
    case 'whisper':
    case 'barge':
      return supervise(act, { seat: seats.supervisor, callId, isWith: state.supervisor !== 'none' });
    case 'stop-supervision':
      await seats.supervisor?.ask('DELETE', `/supervisions/${seats.supervisor.supervision?.supervisionId}`);
      await seats.supervisor?.untilFree();
  }
}

/** The agent has the customer now. */
const untilHas = async (seat: Seat): Promise<void> => {
  await seat.untilTalking();
  await until(
    `${seat.userName} to have the customer`,
    () => seat.call?.state === 'connected' && seat.call.consulted !== true,
    TIMEOUT_MS,
  );
};

const supervise = async (
  mode: SupervisionMode,
  of: { readonly seat: Seat | undefined; readonly callId: string; readonly isWith: boolean },
): Promise<void> => {
  const { seat, callId, isWith } = of;
  if (!seat) throw new Error('nobody supervises this call');
  if (isWith) await seat.ask('PUT', `/supervisions/${seat.supervision?.supervisionId}`, { mode });
  else {
    await seat.ask('POST', '/supervisions', { target: { kind: 'call', callId }, mode });
    await seat.untilTalking();
  }
  await until(
    'the supervision',
    () => seat.supervision?.state === 'active' && seat.supervision.mode === mode,
    TIMEOUT_MS,
  );
};
