/** A consultation as the desks of those in it show it. */
import type { AgentId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import type { DeskCall, DeskConsult } from './ports';
import type { ThirdParty } from './third-party';

type ConsultView = Pick<DeskCall, 'consulted' | 'consult' | 'consultFailure'> & Partial<DeskCall>;

/** For the agent who asks: whom and how far; for the one who is asked: who asks, instead of the customer. */
export const consultView = (ctx: CallContext, call: Call, agentId: AgentId): ConsultView => {
  const { third, agentLeg, thirdFailure } = call;
  if (call.guests.some((guest) => guest.agentId === agentId)) return askedView(ctx, call);
  if (third?.purpose !== 'consult') {
    // A call that an agent dialled comes to this one from inside, and rings.
    const isAsked = third?.agentId === agentId;
    const direction = isAsked ? ({ direction: 'internal' } as const) : {};
    return { consulted: false, consultFailure: thirdFailure, ...direction, ...(isAsked && stayingAgent(ctx, call)) };
  }
  if (agentLeg?.agentId === agentId) return { consulted: false, consult: deskConsult(ctx, third) };
  // Who has left the call writes it down, whatever others do with it now.
  if (third.agentId !== agentId) return { consulted: false };
  return askedView(ctx, call);
};

/** For who is asked, or has joined: who asks, instead of the customer. */
const askedView = (ctx: CallContext, call: Call): ConsultView => {
  const { agentLeg } = call;
  const asking = agentLeg && ctx.directory.agent(agentLeg.agentId);
  return {
    consulted: true,
    direction: 'internal',
    number: asking?.extension ?? '',
    displayName: asking?.displayName,
    displayNameZh: asking?.displayNameZh,
    queueId: undefined,
    queueName: undefined,
    queueNameZh: undefined,
    waitedMs: undefined,
    recording: call.recording !== undefined,
  };
};

/** Who takes the customer's place will talk with the agent. */
const stayingAgent = (ctx: CallContext, { third, customer, agentLeg }: Call): Partial<DeskCall> => {
  const agent = agentLeg && third?.referrer?.leg === customer ? ctx.directory.agent(agentLeg.agentId) : undefined;
  return agent ? { number: agent.extension, displayName: agent.displayName } : {};
};

const deskConsult = (ctx: CallContext, third: ThirdParty): DeskConsult => {
  const { target, agentId } = third;
  const state = third.state.kind === 'talking' ? 'connected' : third.state.kind;
  const reached = target.kind === 'agent' ? target.agentId : agentId;
  const agent = reached === undefined ? undefined : ctx.directory.agent(reached);
  if (agent) {
    const { displayName, displayNameZh, extension } = agent;
    return { state, kind: 'agent', number: extension, name: displayName, nameZh: displayNameZh };
  }
  if (target.kind === 'queue') {
    const queue = ctx.directory.queue(target.queueId);
    return { state, kind: 'queue', name: queue?.name, nameZh: queue?.nameZh };
  }
  return { state, kind: 'number', number: target.kind === 'outside' ? target.number : undefined };
};
