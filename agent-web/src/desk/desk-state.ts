/** What the desk knows, folded from the server's messages: a pure reducer. */
import type { AgentView, CallView, QueueView } from '../../../api/contract/common';
import type { ConferenceView } from '../../../api/contract/conferences';
import type { CallQualityView } from '../../../api/contract/quality';
import type { AlarmView } from '../../../api/contract/security';
import type { ServerMessage } from '../../../api/contract/socket';
import type { SupervisionView, TeamCallView } from '../../../api/contract/supervision';
import { MOST_ALARMS } from '../alarms/alarm-list';

export interface DeskState {
  /** False until the first `hello`. */
  readonly loaded: boolean;
  readonly agent: AgentView | undefined;
  /** This agent's calls that have not ended, oldest first. */
  readonly calls: readonly CallView[];
  /** Whom the agent has dialled last and not reached, until there is another call or state of the agent's. */
  readonly failedDial: Pick<CallView, 'number' | 'dialFailure'> | undefined;
  readonly queues: readonly QueueView[];
  /** The server's clock minus this browser's; add it to the local time before comparing with the server's times. */
  readonly serverAheadMs: number;
  /** Alarms that the event socket has told of since the desk was opened, the latest first; empty for those who get none. */
  readonly alarms: readonly AlarmView[];
  /** Other agents' states, for those who may see them. */
  readonly others: Readonly<Record<string, AgentView>>;
  /** Agents' calls of which the event socket has told since it was opened, ended ones too, for those who may see them. */
  readonly teamCalls: readonly TeamCallView[];
  /** How calls have sounded last, by their ids: the own one, and those of all agents for those who may see them. */
  readonly quality: Readonly<Record<string, CallQualityView>>;
  /** What this user supervises. */
  readonly supervision: SupervisionView | undefined;
  /** What this user has supervised last, for saying why it is over. */
  readonly endedSupervision: SupervisionView | undefined;
  /** Conferences by their rooms, as far as the event socket has told of them, for those who may see them. */
  readonly conferences: Readonly<Record<string, ConferenceView>>;
}

export const EMPTY_DESK: DeskState = {
  loaded: false,
  agent: undefined,
  calls: [],
  failedDial: undefined,
  queues: [],
  serverAheadMs: 0,
  alarms: [],
  others: {},
  teamCalls: [],
  quality: {},
  supervision: undefined,
  endedSupervision: undefined,
  conferences: {},
};

const withCall = (calls: readonly CallView[], call: CallView): readonly CallView[] => {
  if (call.state === 'ended') return calls.filter((one) => one.callId !== call.callId);
  if (!calls.some((one) => one.callId === call.callId)) return [...calls, call];
  return calls.map((one) => (one.callId === call.callId ? call : one));
};

const failedDialOf = ({ state, number, dialFailure }: CallView): DeskState['failedDial'] =>
  state === 'ended' && dialFailure !== undefined ? { number, dialFailure } : undefined;

/** Ended ones stay until the agent's next, so that a list read before does not bring them back. */
const withTeamCall = (calls: readonly TeamCallView[], call: TeamCallView): readonly TeamCallView[] => [
  ...calls.filter((one) => one.agentId !== call.agentId),
  call,
];

type QualityByCall = DeskState['quality'];

const withQuality = (known: QualityByCall, calls: readonly CallQualityView[]): QualityByCall => ({
  ...known,
  ...Object.fromEntries(calls.map((call) => [call.callId, call])),
});

/** Of calls that are over nothing is kept. */
const afterCall = (known: QualityByCall, { callId, state }: Pick<CallView, 'callId' | 'state'>): QualityByCall =>
  state === 'ended' || state === 'wrap-up'
    ? Object.fromEntries(Object.entries(known).filter(([id]) => id !== callId))
    : known;

const withSupervision = (state: DeskState, supervision: SupervisionView): DeskState =>
  supervision.state === 'ended'
    ? { ...state, supervision: undefined, endedSupervision: supervision }
    : { ...state, supervision };

const withAgent = (state: DeskState, agent: AgentView, ownAgentId: string | undefined): DeskState =>
  agent.agentId === ownAgentId
    ? { ...state, agent }
    : { ...state, others: { ...state.others, [agent.agentId]: agent } };

const withConference = (state: DeskState, conference: ConferenceView): DeskState => ({
  ...state,
  conferences: { ...state.conferences, [conference.roomId]: conference },
});

/** The state after a message. @param context who this desk belongs to, and the browser's time of arrival. */
export const reduceDesk = (
  state: DeskState,
  message: ServerMessage,
  context: { readonly ownAgentId: string | undefined; readonly nowMs: number },
): DeskState => {
  switch (message.type) {
    case 'hello':
      return {
        ...state,
        loaded: true,
        agent: message.agent,
        calls: message.calls.filter((call) => call.state !== 'ended'),
        failedDial: undefined,
        queues: message.queues,
        // What happened to others while the connection was lost is not known; their list is read again.
        others: {},
        teamCalls: [],
        quality: {},
        supervision: message.supervision,
        conferences: {},
        serverAheadMs: message.serverTimeMs - context.nowMs,
      };
    case 'agent':
      return withAgent(state, message.agent, context.ownAgentId);
    case 'call':
      return {
        ...state,
        calls: withCall(state.calls, message.call),
        failedDial: failedDialOf(message.call),
        quality: afterCall(state.quality, message.call),
      };
    case 'team-call':
      return {
        ...state,
        teamCalls: withTeamCall(state.teamCalls, message.call),
        quality: afterCall(state.quality, message.call),
      };
    case 'supervision':
      return withSupervision(state, message.supervision);
    case 'queues':
      return { ...state, queues: message.queues };
    case 'quality':
      return { ...state, quality: withQuality(state.quality, message.calls) };
    case 'alarm':
      return { ...state, alarms: [message.alarm, ...state.alarms].slice(0, MOST_ALARMS) };
    case 'conference':
      return withConference(state, message.conference);
    case 'interaction':
    case 'reply':
    case 'bye':
      return state;
  }
};
