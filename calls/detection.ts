/** What media hears of the parties, besides keys: fax machines, silence, answering machines. */
import type { MediaEvent } from '../media/ports';
import type { Detection, Finding } from '../media/detection/terms';
import { isForFax } from '../flows/interpreter';
import type { Heard, Listening } from '../flows/detect';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { noteEarlySound } from './early-sound';
import { advanceFlow } from './flow-runner';
import { legOf } from './legs';
import { leaveQueueForFax } from './fax-caller';
import { dropTalkListening, heardInCall } from './listen-in-talk';
import { screened } from './screen-answer';

type Found = Extract<MediaEvent, Finding>;

/** The flow's step listens for this, besides what the whole flow listens for. */
export const listenForFlow = async (ctx: CallContext, call: Call, listening: Listening): Promise<void> => {
  const { customer, flow, faxHandled } = call;
  if (!customer) return;
  const wanted: Detection = { ...listening, ...(flow?.fax !== undefined && !faxHandled && { fax: true }) };
  dropTalkListening(call);
  call.isListenedTo = Object.keys(wanted).length > 0;
  const begun = await ctx.media.detect(customer.endpointId, wanted);
  if (!begun.ok) ctx.log.warn({ callId: call.callId, fault: begun.fault }, 'a caller is not listened to');
};

/** The caller talks with somebody now, who hears by himself. */
export const stopListening = async (ctx: CallContext, call: Call): Promise<void> => {
  if (!call.isListenedTo || !call.customer) return;
  call.isListenedTo = false;
  await ctx.media.detect(call.customer.endpointId, {});
};

/** Must run inside the call's serial queue. */
export const foundInSound = async (ctx: CallContext, call: Call, found: Found): Promise<void> => {
  const leg = legOf(call, found.endpointId);
  if (!leg) return;
  if (noteEarlySound(leg, found)) return;
  noteFound(call, leg, found);
  if (leg === call.customer && (await heardInCall(ctx, call, found))) callChanged(ctx, call);
  if (leg === call.peer) return screened(ctx, call, found);
  const heard = heardOf(found);
  if (leg !== call.customer || !heard) return;
  const waits = call.phase.kind === 'queued' || call.phase.kind === 'ringing';
  if (heard === 'fax' && waits && call.flow?.fax !== undefined) await leaveQueueForFax(ctx, call);
  const { flow, phase } = call;
  if (heard === 'fax' && flow?.fax !== undefined && phase.kind === 'flow')
    call.faxHandled ||= isForFax(flow, phase.state);
  await advanceFlow(ctx, call, { type: 'heard', what: heard });
};

const heardOf = (found: Found): Heard | undefined => {
  switch (found.type) {
    case 'fax-detected':
      return 'fax';
    case 'silence-changed':
      return found.silent ? 'silence' : undefined;
    case 'answered-by':
      return found.answeredBy;
    case 'greeting-ended':
      return 'greeting-over';
  }
};

/** For the history: who or what was there. Silence is no news. */
const noteFound = (call: Call, leg: Leg, found: Found): void => {
  const { identity, peer, log } = call;
  const isCaller = leg === call.customer;
  const party = isCaller
    ? ({ role: 'caller', id: identity.number } as const)
    : ({ role: 'called', id: peer?.number ?? '' } as const);
  // Whom an agent has dialled stands in the caller's place.
  const isAnswer = !isCaller || identity.dialledBy !== undefined;
  if (found.type === 'fax-detected') log.addDetection({ ...party, heard: 'fax', detail: found.tone }, isAnswer);
  if (found.type === 'answered-by')
    log.addDetection({ ...party, heard: found.answeredBy, detail: found.cause }, isAnswer);
};
