/** What is measured, one after the other: the telephones of the load, and how the product joins them. */
import { newId } from '../../../../base/ids';
import type { EndpointId, MixId, RecordingId } from '../../../../base/ids';
import type { Result } from '../../../../base/result';
import type { AudioCodec, MediaPort } from '../../../../media/ports';
import type { LegPlan } from './load-messages';

export interface Scenario {
  readonly name: string;
  readonly calls: number;
  readonly legs: readonly LegPlan[];
  /** Joins the endpoints of the legs; they are in the order of the legs. */
  join(port: MediaPort, endpoints: readonly EndpointId[]): Promise<void>;
}

const STAMPED: LegPlan = { kind: 'stamped', codec: 'PCMA', payloadType: 8, talks: false };

export function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
}

const at = (endpoints: readonly EndpointId[], index: number): EndpointId => {
  const endpoint = endpoints[index];
  if (endpoint === undefined) throw new RangeError(`there is no leg ${index}`);
  return endpoint;
};

const record = async (port: MediaPort, parties: readonly [EndpointId, EndpointId]): Promise<void> => {
  const recordingId = newId<RecordingId>();
  must(await port.startRecording({ recordingId, path: `bench/${recordingId}.wav`, codec: 'PCMA' }));
  must(await port.attachRecording(recordingId, 0, parties[0]));
  must(await port.attachRecording(recordingId, 1, parties[1]));
};

/** G.711 on both sides. */
export const carrierCalls = (calls: number, recorded: boolean): Scenario => ({
  name: `carrier_${calls}_${recorded ? 'recorded' : 'plain'}`,
  calls,
  legs: Array.from({ length: calls * 2 }, () => STAMPED),
  join: async (port, endpoints) => {
    for (let call = 0; call < calls; call += 1) {
      const [a, b] = [at(endpoints, call * 2), at(endpoints, call * 2 + 1)];
      must(await port.bridge(a, b));
      if (recorded) await record(port, [a, b]);
    }
  },
});

/** G.711 by RTP on one side, by DTLS-SRTP as browsers have it on the other. */
export const browserCalls = (calls: number, recorded: boolean): Scenario => ({
  ...carrierCalls(calls, recorded),
  name: `browser_${calls}_${recorded ? 'recorded' : 'plain'}`,
  legs: Array.from({ length: calls * 2 }, (_, leg) => (leg % 2 === 0 ? STAMPED : { ...STAMPED, browser: true })),
});

/** One party of each call says something, the other one of another codec hears it. */
export const transcodedCalls = (calls: number, codec: AudioCodec, payloadType: number): Scenario => ({
  name: `transcoded_${calls}_${codec.toLowerCase()}`,
  calls,
  legs: Array.from({ length: calls }).flatMap((_, call): LegPlan[] => [
    { kind: 'bursts', codec, payloadType, talks: true },
    { kind: 'bursts', codec: 'PCMA', payloadType: 8, talks: false, hears: call * 2 },
  ]),
  join: async (port, endpoints) => {
    for (let call = 0; call < calls; call += 1) {
      const parties = [at(endpoints, call * 2), at(endpoints, call * 2 + 1)] as const;
      must(await port.bridge(...parties));
      await record(port, parties);
    }
  },
});

/** Conferences in which everybody may speak and one does. */
export const conferences = (rooms: number, members: number): Scenario => ({
  name: `conference_${rooms}_of_${members}`,
  calls: rooms,
  legs: Array.from({ length: rooms * members }, (_, leg) => memberPlan(leg, members)),
  join: async (port, endpoints) => {
    for (let room = 0; room < rooms; room += 1) {
      const own = endpoints.slice(room * members, (room + 1) * members);
      await openRoom(port, own, () => 'all');
    }
  },
});

/** One speaks, all others only listen. */
export const lecture = (members: number): Scenario => ({
  name: `lecture_of_${members}`,
  calls: 1,
  legs: Array.from({ length: members }, (_, leg) => memberPlan(leg, members)),
  join: (port, endpoints) => openRoom(port, endpoints, (index) => (index === 0 ? 'all' : 'none')),
});

const memberPlan = (leg: number, members: number): LegPlan => {
  const speaker = leg - (leg % members);
  const common = { kind: 'bursts', codec: 'PCMA', payloadType: 8 } as const;
  return leg === speaker ? { ...common, talks: true } : { ...common, talks: false, hears: speaker };
};

const openRoom = async (
  port: MediaPort,
  endpoints: readonly EndpointId[],
  speaks: (index: number) => 'all' | 'none',
): Promise<void> => {
  const mixId = newId<MixId>();
  must(await port.openMix({ mixId }));
  const members = endpoints.map((endpointId, index) => ({ endpointId, hears: 'all', speaks: speaks(index) }) as const);
  must(await port.joinMix(mixId, members));
};
