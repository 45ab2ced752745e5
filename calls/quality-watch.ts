/**
 * How calls sound while they run: all legs are read every five seconds, by one request for each media process; told to
 * those who watch, and summed up in the interaction as each leg ends. One-way audio is noted, and an alarm when repeated.
 */
import type { Alarms } from '../base/alarms';
import type { Clock, Timer } from '../base/clock';
import type { AgentId, CallId, EndpointId } from '../base/ids';
import type { Logger } from '../base/log';
import type { MediaPort, PeerSound } from '../media/ports';
import type { Party } from '../store/interaction';
import type { Call, Leg } from './call';
import { agentsOf } from './desk-view';
import type { VoiceCounters } from './direction-figures';
import { LegFigures } from './leg-figures';
import type { CallQuality } from './ports';
import { SoundWatch } from './sound-watch';
import type { RunningFault } from './sound-watch';

const LOOK_MS = 500;
const LOOKS_PER_READING = 10;
/** So many conversations with one-way audio within so long are no accident. */
const REPEATED = 3;
const REPEATED_WITHIN_MS = 600_000;

export interface QualityWatchDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly media: Pick<MediaPort, 'statsOf'>;
  readonly calls: ReadonlyMap<CallId, Call>;
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly tell: (calls: readonly CallQuality[]) => void;
}

interface Seat {
  readonly leg: Leg;
  readonly role: Party['role'];
  readonly id: string;
}

interface WatchedLeg extends Seat {
  call: Call;
  readonly figures: LegFigures;
  readonly fromMs: number;
}

export class QualityWatch {
  private readonly legs = new Map<EndpointId, WatchedLeg>();
  private readonly sounds = new SoundWatch();
  /** Runs while there are calls. */
  private timer: Timer | undefined;
  private looks = 0;
  private reading = false;
  private faultTimes: number[] = [];

  constructor(private readonly deps: QualityWatchDeps) {}

  /** There may be calls now. */
  wake(): void {
    if (this.deps.calls.size > 0) this.timer ??= this.deps.clock.every(LOOK_MS, () => this.look());
  }

  soundChanged(endpointId: EndpointId, sound: PeerSound): void {
    this.sounds.soundChanged(endpointId, sound);
  }

  /** What an agent's browser has counted of what it hears. */
  browserReports(call: Call, agentId: AgentId, counters: VoiceCounters): void {
    const leg = [...this.legs.values()].find(
      (one) => one.call === call && one.role === 'agent' && one.id === (agentId as string),
    );
    leg?.figures.observeBrowser(counters);
  }

  /** Reads the call's legs for the last time and sums them up; before their endpoints are closed. */
  async callEnded(call: Call): Promise<void> {
    await this.read([call]);
    for (const [endpointId, leg] of this.legs) if (leg.call === call) this.legEnded(endpointId, leg);
  }

  /** Idempotent. */
  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private look(): void {
    const { calls, clock } = this.deps;
    if (calls.size === 0) {
      this.sounds.keepOnly(new Set(), () => false);
      return this.close();
    }
    for (const call of calls.values()) {
      const { ended, begun } = this.sounds.look(call, clock.monotonicMs());
      if (ended) call.log.endSoundFault(ended);
      if (begun) this.faultBegan(call, begun);
      if (ended || begun) this.tell([call]);
    }
    this.looks += 1;
    if (this.looks % LOOKS_PER_READING === 0) void this.readAll();
  }

  private async readAll(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    const calls = [...this.deps.calls.values()];
    try {
      await this.read(calls);
    } catch (error) {
      this.deps.log.error({ err: error }, 'reading the quality of calls threw');
    } finally {
      this.reading = false;
    }
    const open = new Set([...this.deps.calls.values()].flatMap((call) => seatsOf(call).map(endpointOf)));
    for (const [endpointId, leg] of this.legs)
      if (!open.has(endpointId) && this.deps.calls.has(leg.call.callId)) this.legEnded(endpointId, leg);
    this.sounds.keepOnly(new Set(this.deps.calls.values()), (endpointId) => open.has(endpointId));
    this.tell(calls.filter((call) => call.phase.kind !== 'ended'));
  }

  private async read(calls: readonly Call[]): Promise<void> {
    const seats = calls.flatMap((call) => seatsOf(call).map((seat) => ({ ...seat, call })));
    const answered = seats.filter(({ leg }) => leg.dialog !== undefined);
    if (answered.length === 0) return;
    for (const { call, ...seat } of answered) this.watch(call, seat);
    const readings = await this.deps.media.statsOf(answered.map(endpointOf));
    if (!readings.ok) return this.deps.log.debug({ fault: readings.fault }, 'the quality of calls could not be read');
    for (const reading of readings.value) this.legs.get(reading.endpointId)?.figures.observe(reading);
  }

  private watch(call: Call, seat: Seat): void {
    const known = this.legs.get(seat.leg.endpointId);
    if (known) known.call = call;
    else
      this.legs.set(seat.leg.endpointId, {
        ...seat,
        call,
        figures: new LegFigures(),
        fromMs: this.deps.clock.nowMs(),
      });
  }

  private legEnded(endpointId: EndpointId, { call, role, id, figures, fromMs }: WatchedLeg): void {
    this.legs.delete(endpointId);
    const summary = figures.summary();
    if (summary.heard || summary.sent)
      call.log.addQuality({ role, id, fromMs, toMs: this.deps.clock.nowMs(), ...summary });
  }

  private faultBegan(call: Call, fault: RunningFault): void {
    const { log, alarms, clock } = this.deps;
    log.warn({ callId: call.callId, ...fault }, 'one side of a conversation is not heard');
    call.log.beginSoundFault({ role: fault.role, id: fault.id, kind: fault.kind });
    // A quiet telephone behind a gateway that sends no noise is no fault of the network.
    if (fault.kind !== 'no-packets') return;
    const nowMs = clock.monotonicMs();
    this.faultTimes = [...this.faultTimes.filter((atMs) => nowMs - atMs < REPEATED_WITHIN_MS), nowMs];
    if (this.faultTimes.length < REPEATED) return;
    const { length: count } = this.faultTimes;
    this.faultTimes = [];
    const { number } = call.identity;
    alarms.raise({
      kind: 'one-way-audio',
      severity: 'warning',
      message:
        `Of ${count} conversations within ten minutes one side was not received, last of that with ${number}. ` +
        'Is a firewall in the way, or does the carrier send from hosts that its trunk does not name (rtpNetworks)?',
      details: { count, number },
    });
  }

  private tell(calls: readonly Call[]): void {
    const told = calls.flatMap((call) => this.viewOf(call) ?? []);
    if (told.length > 0) this.deps.tell(told);
  }

  private viewOf(call: Call): CallQuality | undefined {
    const agentIds = agentsOf(call);
    if (agentIds.length === 0) return undefined;
    const legs = seatsOf(call).flatMap(({ leg, role, id }) => {
      const live = this.legs.get(leg.endpointId)?.figures.live;
      return live && (live.heard || live.sent) ? [{ role, id, ...live }] : [];
    });
    const fault = this.sounds.faultOf(call);
    return {
      callId: call.callId,
      agentIds,
      legs,
      fault: fault && { role: fault.role, id: fault.id, kind: fault.kind },
    };
  }
}

const endpointOf = ({ leg }: Seat): EndpointId => leg.endpointId;

/** Everybody in the call with a name for the history. */
const seatsOf = (call: Call): readonly Seat[] => {
  const { customer, agentLeg, third, outside, peer, guests, supervisors, identity } = call;
  const others = [third, ...guests].map(
    (party) => party && { leg: party.leg, role: party.agentId === undefined ? 'other' : 'agent', id: nameOf(party) },
  );
  const seats = [
    { leg: customer, role: 'caller', id: identity.number },
    { leg: agentLeg, role: 'agent', id: agentLeg?.agentId ?? '' },
    { leg: outside, role: 'other', id: '' },
    { leg: peer, role: 'called', id: peer?.number ?? '' },
    ...others,
    ...supervisors.map((supervisor) => ({ leg: supervisor.leg, role: 'supervisor', id: supervisor.identity.userId })),
  ];
  return seats.filter((seat): seat is Seat => seat?.leg !== undefined);
};

const nameOf = ({ agentId, target }: NonNullable<Call['third']>): string =>
  agentId ?? (target.kind === 'outside' ? target.number : '');
