/** A conference room of the center's own calls, with real media and real telephones; only their SIP is played. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { silentLogger } from '../../base/log';
import { SeededRandom } from '../../base/random';
import { createCenter } from '../../calls/center';
import type { Center } from '../../calls/center';
import { flowOfRoom } from '../../calls/conference/room-flow';
import type { ConferenceView } from '../../calls/conference/view';
import type { DtmfMode } from '../../media/ports';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import type { Interaction } from '../../store/interaction';
import { SignalingDouble } from '../unit/calls/support/port-doubles';
import type { InviteDouble } from '../unit/calls/support/port-doubles';
import { IMPLEMENTATIONS, SOUNDS } from './media-bench';
import type { MediaBench } from './media-bench';
import { RtpPeer } from './rtp-peer';
import { levelDbfs, toPcm16, tone, toneLevelDbfs } from './spectrum';
import { encodeG711 } from '../../media/codec/g711';
import { pause, until } from './wait';
import { pcm16Wav } from './wav';

const PINS: Readonly<Record<ConferenceRole, string>> = { moderator: '1111', participant: '2222', listener: '3333' };

const ROOM: ConferenceRoom = {
  ...{ _id: 'board', name: 'Board', numbers: ['4500'], withoutPin: 'refused', maxMembers: 50, tones: false },
  ...{ moderatorPin: PINS.moderator, participantPin: PINS.participant, listenerPin: PINS.listener },
  ...{ waitForModerator: false, endWithModerator: false, music: 'default', record: false, locked: false },
  ...{ language: 'en' },
};

const HEARD_DBFS = -27;
const SILENT_DBFS = -45;

/** What is said to members takes a tenth of a second, and is none of their voices. */
const shortenPrompts = async (ownSoundsDir: string): Promise<void> => {
  const folder = join(ownSoundsDir, 'prompts/en');
  await mkdir(folder, { recursive: true });
  const beep = pcm16Wav(toPcm16(tone({ frequencyHz: 3300, durationMs: 100 })));
  const said = (await readdir(join(SOUNDS, 'prompts/en'))).filter((file) => /^(conference|enter|goodbye)/.test(file));
  await Promise.all(said.map((file) => writeFile(join(folder, file), beep)));
};

/** One telephone in front of the room. */
export interface Caller {
  readonly from: string;
  readonly hz: number;
  readonly peer: RtpPeer;
  readonly invite: InviteDouble;
}

export class RoomBench {
  readonly saved = new Map<string, Interaction>();
  private readonly signaling: SignalingDouble;
  private readonly center: Center;
  private readonly callers: Caller[] = [];

  private constructor(
    readonly media: MediaBench,
    room: ConferenceRoom,
  ) {
    const random = new SeededRandom(1);
    this.signaling = new SignalingDouble(systemClock, random);
    const byNumber = (number: string) => (room.numbers.includes(number) ? room : undefined);
    this.center = createCenter({
      ...{ clock: systemClock, log: silentLogger(), signaling: this.signaling, media: media.port },
      directory: {
        flowOf: (number) => (byNumber(number) ? flowOfRoom(room) : undefined),
        conferenceRooms: () => [room],
        conferenceRoom: () => room,
        conferenceRoomOf: byNumber,
        ...{ agent: () => undefined, agents: () => [], queue: () => undefined, queues: () => [] },
        ...{ extension: () => undefined, phone: () => undefined, phones: () => [], outboundTrunk: () => undefined },
      },
      ...{ queues: [], agents: [], measureRecording: () => Promise.resolve(undefined) },
      save: (interaction) =>
        Promise.resolve(void this.saved.set(interaction.caller.number, structuredClone(interaction))),
    });
  }

  static async start(room: Partial<ConferenceRoom> = {}): Promise<RoomBench> {
    const media = await (IMPLEMENTATIONS['the engine in this process'] as () => Promise<MediaBench>)();
    await shortenPrompts(media.ownSoundsDir);
    return new RoomBench(media, { ...ROOM, ...room });
  }

  async close(): Promise<void> {
    await this.center.close('over');
    for (const { peer } of this.callers) peer.close();
    await this.media.close();
  }

  get conference(): ConferenceView {
    const view = this.center.conferences.get('board');
    if (!view) throw new Error('there is no room');
    return view;
  }

  direct(...[action]: [action: Parameters<Center['conferences']['act']>[1]]): void {
    const done = this.center.conferences.act('board', action);
    if (!done.ok) throw new Error(done.fault.message);
  }

  /** Dials the room, and speaks. */
  async dials(from: string, hz: number, dtmf?: DtmfMode): Promise<Caller> {
    const peer = await RtpPeer.open({ frequencyHz: hz, ssrc: hz });
    const traits = dtmf && { traits: { dtmf, codecs: ['PCMA'], srtp: 'optional', earlyMedia: 'ignore' } as const };
    const invite = this.signaling.arrive(from, { to: { number: '4500' }, sdp: peer.sdp(), ...traits });
    const caller = { from, hz, peer, invite };
    this.callers.push(caller);
    await until(`${from} to be answered`, () => invite.final === 'answered');
    peer.connectTo(invite.answeredWith ?? '');
    peer.speak();
    return caller;
  }

  /** Dials, and keys the PIN of this role. @param of.dtmf how keys come: by SIP INFO when absent. */
  async comes(from: string, role: ConferenceRole, of: { readonly hz: number }): Promise<Caller> {
    const caller = await this.dials(from, of.hz);
    await this.press(caller, `${PINS[role]}#`);
    await this.untilMember(caller, () => true);
    return caller;
  }

  /** By SIP INFO. */
  async press({ invite }: Caller, keys: string): Promise<void> {
    for (const digit of keys) {
      invite.dialog?.pressed({ digit, durationMs: 100 });
      await pause(30);
    }
    // Between an INFO and the same key in the sound.
    await pause(300);
  }

  /** As tones in the voice, which pauses meanwhile. */
  async pressAloud({ peer }: Caller, pairs: readonly (readonly [lowHz: number, highHz: number])[]): Promise<void> {
    peer.hush();
    for (const [lowHz, highHz] of pairs) {
      const [low, high] = [lowHz, highHz].map((frequencyHz) => tone({ frequencyHz, durationMs: 120, amplitude: 0.3 }));
      const key = toPcm16(Float64Array.from(low ?? [], (sample, index) => sample + (high?.[index] ?? 0)));
      for (const samples of [key, new Int16Array(8 * 120)]) await this.send(peer, samples);
    }
    peer.speak();
  }

  private async send(peer: RtpPeer, samples: Int16Array): Promise<void> {
    for (let from = 0; from < samples.length; from += 160) {
      const payload = encodeG711('PCMA', samples.subarray(from, from + 160));
      peer.sendPacket({ payloadType: 8, payload, marker: false });
      peer.timestamp = (peer.timestamp + 160) >>> 0;
      await pause(20);
    }
  }

  untilMember({ from }: Caller, is: (member: ConferenceView['members'][number]) => boolean): Promise<unknown> {
    return until(
      `${from} in the room`,
      () => this.conference.members.some((one) => one.number === from && is(one)),
      30_000,
    );
  }

  /** What somebody hears settles after each change, behind what is said to the member. */
  async untilHears(caller: Caller, heard: readonly Caller[], unheard: readonly Caller[]): Promise<void> {
    const faults = (): string[] => {
      const samples = this.lastHeard(caller, 300);
      return [
        ...heard.filter(({ hz }) => !(toneLevelDbfs(samples, hz) > HEARD_DBFS)).map(({ hz }) => `${hz} Hz is missing`),
        ...unheard.filter(({ hz }) => !(toneLevelDbfs(samples, hz) < SILENT_DBFS)).map(({ hz }) => `${hz} Hz is heard`),
      ];
    };
    await until(`${caller.from} to hear whom it should`, () => faults().length === 0, 30_000).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}: ${faults().join(', ')}`);
      },
    );
  }

  /** Hears something that is nobody's voice, such as music. */
  async untilHearsOther(caller: Caller, voices: readonly Caller[]): Promise<void> {
    const hearsOther = (): boolean => {
      const samples = this.lastHeard(caller, 400);
      return levelDbfs(samples) > -40 && voices.every(({ hz }) => toneLevelDbfs(samples, hz) < SILENT_DBFS);
    };
    await until(`${caller.from} to hear music`, hearsOther, 30_000);
  }

  lastHeard({ peer }: Caller, lastMs: number): Float64Array {
    return peer.heard().slice(-8 * lastMs);
  }
}
