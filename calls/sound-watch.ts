/**
 * Conversations in which one side says nothing at all while the other does: its packets do not arrive, or carry only
 * digital silence. Not on hold, whoever holds whom, not while muted, not before there is a conversation, and not among more than two.
 */
import type { EndpointId } from '../base/ids';
import type { PeerSound } from '../media/ports';
import type { Party, SoundFaultKind } from '../store/interaction';
import type { Call, Leg } from './call';

/** From the moment on that two may hear each other; media have waited 3 s before they say that they hear nothing. */
const GRACE_MS = 4000;

export interface Side {
  readonly leg: Leg;
  readonly role: Party['role'];
  readonly id: string;
  readonly muted: boolean;
}

export interface RunningFault extends Pick<Side, 'role' | 'id'> {
  readonly endpointId: EndpointId;
  readonly kind: SoundFaultKind;
}

interface Talk {
  /** Who talks with whom, and whether they may: grace begins anew when it changes. */
  readonly name: string;
  readonly sinceMs: number;
  fault: RunningFault | undefined;
}

export interface SoundChange {
  readonly ended?: RunningFault | undefined;
  readonly begun?: RunningFault | undefined;
}

/** The two who talk with each other, undefined when it is more, or fewer. */
export const sidesOf = (call: Call): readonly [Side, Side] | undefined => {
  const { phase, customer, customerHolds, guests, agentLeg, colleague } = call;
  if (!customer?.dialog || customerHolds || guests.length > 0) return undefined;
  const caller = { leg: customer, role: 'caller', id: call.identity.number, muted: colleague?.muted ?? false } as const;
  if (phase.kind === 'talking' && agentLeg?.dialog)
    return [caller, { leg: agentLeg, role: 'agent', id: agentLeg.agentId, muted: agentLeg.muted }];
  const { peer, outside } = call;
  if (phase.kind !== 'forwarded') return undefined;
  if (outside?.dialog) return [caller, { leg: outside, role: 'other', id: '', muted: false }];
  return peer?.dialog && [caller, { leg: peer, role: 'called', id: peer.number, muted: false }];
};

export class SoundWatch {
  private readonly sounds = new Map<EndpointId, PeerSound>();
  private readonly talks = new Map<Call, Talk>();

  soundChanged(endpointId: EndpointId, sound: PeerSound): void {
    if (sound === 'none') this.sounds.delete(endpointId);
    else this.sounds.set(endpointId, sound);
  }

  faultOf(call: Call): RunningFault | undefined {
    return this.talks.get(call)?.fault;
  }

  /** Looks at a call, and says what of it has changed. */
  look(call: Call, nowMs: number): SoundChange {
    const sides = sidesOf(call);
    const before = this.talks.get(call);
    if (!sides || sides.some(({ muted, leg }) => muted || leg.holdsUs)) {
      this.talks.delete(call);
      return { ended: before?.fault };
    }
    const name = sides.map(({ leg }) => leg.endpointId).join(' ');
    const talk = before?.name === name ? before : { name, sinceMs: nowMs, fault: undefined };
    this.talks.set(call, talk);
    const fault = nowMs - talk.sinceMs >= GRACE_MS ? this.faultBetween(sides) : undefined;
    const ended = before?.fault;
    if (isSame(ended, fault)) return {};
    talk.fault = fault;
    return { ended, begun: fault };
  }

  /** What is known of calls and endpoints that are gone. */
  keepOnly(calls: ReadonlySet<Call>, isOpen: (endpointId: EndpointId) => boolean): void {
    for (const call of this.talks.keys()) if (!calls.has(call)) this.talks.delete(call);
    for (const endpointId of this.sounds.keys()) if (!isOpen(endpointId)) this.sounds.delete(endpointId);
  }

  private faultBetween([one, other]: readonly [Side, Side]): RunningFault | undefined {
    const [ofOne, ofOther] = [one, other].map(({ leg }) => this.sounds.get(leg.endpointId) ?? 'none');
    // Two who are silent together are at peace; a dead network is found by the media timeout.
    if (ofOne !== 'heard' && ofOther === 'heard') return faultOfSide(one, ofOne);
    return ofOther !== 'heard' && ofOne === 'heard' ? faultOfSide(other, ofOther) : undefined;
  }
}

const faultOfSide = ({ leg, role, id }: Side, sound: PeerSound | undefined): RunningFault => ({
  endpointId: leg.endpointId,
  role,
  id,
  kind: sound === 'silent' ? 'silence' : 'no-packets',
});

const isSame = (one: RunningFault | undefined, other: RunningFault | undefined): boolean =>
  one?.endpointId === other?.endpointId && one?.kind === other?.kind;
