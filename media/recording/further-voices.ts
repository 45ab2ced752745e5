/**
 * Voices beside the first one of a channel, such as the third party's of a three-way call: each has a timeline of its
 * own, and is added to the channel when that is written.
 */
import type { EndpointId } from '../../base/ids';
import { decodeG711, encodeG711 } from '../codec/g711';
import type { G711Codec, RecordingChannel } from '../ports';
import { ChannelTimeline } from './channel-timeline';
import type { TimedSound } from './channel-timeline';

const CHANNELS = 2;
const LOUDEST = 32_767;
/** More than what may still lie on the timeline of a voice that is removed. */
const LAST_ROUNDS = 3;

interface Voice {
  readonly channel: RecordingChannel;
  readonly timeline: ChannelTimeline;
  readonly unsubscribe: () => void;
  heard: boolean;
  /** Of one who has been removed: how often what came before is still looked for. */
  roundsLeft: number;
}

export class FurtherVoices {
  private readonly voices = new Map<EndpointId, Voice>();
  /** Removed, but not written to the end yet. */
  private ending: readonly Voice[] = [];

  constructor(private readonly codec: G711Codec) {}

  /** @param voice.fromSample where the recording is at the moment; `unsubscribe` ends what brings the voice's packets. */
  add(endpointId: EndpointId, voice: Pick<Voice, 'channel' | 'unsubscribe'> & { readonly fromSample: number }): void {
    this.remove(endpointId);
    const { channel, unsubscribe, fromSample } = voice;
    const timeline = new ChannelTimeline(this.codec, fromSample);
    this.voices.set(endpointId, { channel, timeline, unsubscribe, heard: false, roundsLeft: LAST_ROUNDS });
  }

  put(endpointId: EndpointId, sound: TimedSound, at: { readonly arrival: number; readonly late: number }): void {
    const voice = this.voices.get(endpointId);
    if (!voice) return;
    voice.timeline.put(sound, at.arrival, at.late);
    voice.heard = true;
  }

  /** Idempotent. */
  remove(endpointId: EndpointId): void {
    const voice = this.voices.get(endpointId);
    if (!voice) return;
    voice.unsubscribe();
    this.voices.delete(endpointId);
    this.ending = [...this.ending, voice];
  }

  removeOf(channel: RecordingChannel): void {
    for (const [endpointId, voice] of this.voices) if (voice.channel === channel) this.remove(endpointId);
  }

  /** Adds what the voices have said up to `end` to the samples that are about to be written, interleaved. */
  addTo(data: Buffer, end: number): void {
    for (const voice of [...this.voices.values(), ...this.ending]) {
      const said = Buffer.alloc(data.length);
      voice.timeline.takeInto(said, voice.channel, end);
      if (voice.heard) this.mix(data, said, voice.channel);
    }
    this.ending = this.ending.filter((voice) => (voice.roundsLeft -= 1) > 0);
  }

  private mix(data: Buffer, said: Buffer, channel: RecordingChannel): void {
    const sum = decodeG711(this.codec, everySecond(data, channel));
    decodeG711(this.codec, everySecond(said, channel)).forEach((sample, index) => {
      const both = (sum[index] ?? 0) + sample;
      sum[index] = Math.max(-LOUDEST, Math.min(LOUDEST, both));
    });
    encodeG711(this.codec, sum).forEach((byte, index) => {
      data[index * CHANNELS + channel] = byte;
    });
  }
}

const everySecond = (data: Buffer, channel: RecordingChannel): Uint8Array =>
  Uint8Array.from({ length: data.length / CHANNELS }, (_, index) => data[index * CHANNELS + channel] ?? 0);
