/**
 * Any number of parties who hear what the matrix lets them hear, never themselves. At each 20 ms beat:
 *
 *   inputs ─► volume ─► the loudest ─► one sum for each different set of speakers ─► limiter ─► one encoding per codec
 */
import type { Clock } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import { CODEC_FACTS } from '../codec/codecs';
import { FRAME_MS } from '../codec/g711';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import type { AudioCodec, MixMember } from '../ports';
import { Limiter, peakOf } from './limiter';
import { MixEncoders } from './mix-encoders';
import { MixInput } from './mix-input';
import { MixOutput } from './mix-output';
import type { JitterBufferCounters } from './jitter-buffer';
import { hears, mayBeHeard, mayHear } from './reach';
import { toneSamples } from './tone';
import type { MixTone } from './tone';

/** More voices at once are no conversation; every further one would only add its noise. */
const MAX_VOICES = 8;
/** The bit of the mix's own tones in a mask. */
const TONE_BIT = 1 << MAX_VOICES;

export interface MixOptions {
  readonly clock: Clock;
  readonly ticker: FrameTicker;
  /** While something is played to a party, it hears that instead of the mix. */
  readonly isPlayingTo: (endpointId: EndpointId) => boolean;
  /** Whether RFC 4733 digits of one member go to those who hear it. */
  readonly forwardDigits: boolean;
  /** Whether members are told by a tone who comes and who goes. */
  readonly tones: boolean;
  /** No sound above half of this rate ever counts, so none need be decoded. Default: whatever the codecs have. */
  readonly ceilingHz?: number | undefined;
}

/** A member and the endpoint it speaks and hears by. */
export interface Joining {
  readonly member: MixMember;
  readonly endpoint: MediaEndpoint;
  readonly codec: AudioCodec;
}

interface Party {
  member: MixMember;
  readonly endpoint: MediaEndpoint;
  readonly codec: AudioCodec;
  input: MixInput | undefined;
  readonly output: MixOutput;
  /** Those who may be heard by this one. */
  audible: ReadonlySet<Party>;
  audience: string;
}

/** One member's sound in this beat. */
interface Voice {
  readonly party: Party;
  readonly samples: Int16Array;
  readonly energy: number;
}

export class Mix {
  private readonly parties = new Map<EndpointId, Party>();
  private readonly limiter = new Limiter();
  private readonly encoders = new MixEncoders();
  private unsubscribe: (() => void) | undefined;
  private tone: { readonly samples: Int16Array; position: number } | undefined;
  private rateHz = 8000;

  constructor(private readonly options: MixOptions) {}

  get memberIds(): readonly EndpointId[] {
    return [...this.parties.keys()];
  }

  /** Adds members, or changes what they may, all at the same beat. */
  join(joining: readonly Joining[]): void {
    const isAnnounced = joining.some(({ member }) => member.quiet !== true && !this.parties.has(member.endpointId));
    for (const each of joining) this.put(each);
    this.rearrange();
    if (isAnnounced) this.announce('entry');
    if (this.parties.size > 0) this.unsubscribe ??= this.options.ticker.subscribe(() => this.onBeat());
  }

  /** Idempotent. */
  leave(endpointId: EndpointId): void {
    const party = this.parties.get(endpointId);
    if (!party) return;
    this.parties.delete(endpointId);
    party.input?.close();
    this.rearrange();
    if (this.parties.size === 0) this.rest();
    else if (party.member.quiet !== true) this.announce('exit');
  }

  /** How the member's own sound arrives; undefined when it may not be heard. */
  countersOf(endpointId: EndpointId): JitterBufferCounters | undefined {
    return this.parties.get(endpointId)?.input?.counters();
  }

  /** Payloads that the last beat encoded: the cost of a mix beside its packets. */
  get encodedInFrame(): number {
    return this.encoders.encodedInFrame;
  }

  /** Idempotent. */
  close(): void {
    for (const party of this.parties.values()) party.input?.close();
    this.parties.clear();
    this.rest();
    this.encoders.close();
  }

  private put({ member, endpoint, codec }: Joining): void {
    const known = this.parties.get(member.endpointId);
    const party = known ?? {
      member,
      endpoint,
      codec,
      input: undefined,
      output: new MixOutput(endpoint, codec),
      audible: new Set<Party>(),
      audience: '',
    };
    party.member = member;
    this.parties.set(member.endpointId, party);
    if (!mayBeHeard(member)) {
      party.input?.close();
      party.input = undefined;
    }
    party.input ??= mayBeHeard(member) ? this.openInput(party) : undefined;
  }

  private openInput(party: Party): MixInput {
    return new MixInput({
      endpoint: party.endpoint,
      codec: party.codec,
      ceilingHz: this.options.ceilingHz,
      clock: this.options.clock,
      onEvent: (packet) => {
        if (!this.options.forwardDigits) return;
        for (const other of this.parties.values())
          if (other.audible.has(party)) other.output.forwardEvent(packet, party.codec);
      },
    });
  }

  private rearrange(): void {
    const all = [...this.parties.values()];
    this.rateHz = rateFor(all);
    const speakers = all.filter(({ input }) => input);
    for (const party of all) {
      const audible = speakers.filter((speaker) => hears(party.member, speaker.member));
      party.audible = new Set(audible);
      party.audience = audible.map(({ member }) => member.endpointId).join(' ');
    }
    this.encoders.arrange(all, this.rateHz);
  }

  private announce(tone: MixTone): void {
    if (this.options.tones) this.tone = { samples: toneSamples(tone, this.rateHz), position: 0 };
  }

  private rest(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  private onBeat(): void {
    const voices = this.pullVoices();
    const tone = this.nextToneFrame();
    const total = new Int32Array((this.rateHz * FRAME_MS) / 1000);
    for (const { samples } of voices) add(total, samples, 1);
    if (tone) add(total, tone, 1);
    this.limiter.prepare(peakOf(total));
    this.encoders.begin();
    const mixes = new Map<number, Int16Array>();
    for (const party of this.parties.values()) {
      if (!mayHear(party.member)) continue;
      if (this.options.isPlayingTo(party.member.endpointId)) {
        party.output.skip();
        continue;
      }
      const mask = maskOf(voices, party) | (tone ? TONE_BIT : 0);
      const pcm = mixes.get(mask) ?? this.limiter.apply(sumFor(mask, { voices, total }));
      mixes.set(mask, pcm);
      const { codec, audience } = party;
      party.output.send(this.encoders.encode({ codec, mask, audience, pcm }));
    }
  }

  /** Everybody's next frame, so that every jitter buffer moves on; the loudest of them are heard. */
  private pullVoices(): Voice[] {
    const voices: Voice[] = [];
    for (const party of this.parties.values()) {
      if (!party.input) continue;
      const samples = party.input.pull(this.rateHz, gainOf(party.member));
      const energy = energyOf(samples);
      if (energy > 0) voices.push({ party, samples, energy });
    }
    if (voices.length <= MAX_VOICES) return voices;
    return voices.sort((a, b) => b.energy - a.energy).slice(0, MAX_VOICES);
  }

  private nextToneFrame(): Int16Array | undefined {
    const { tone } = this;
    if (!tone) return undefined;
    const frame = tone.samples.subarray(tone.position, tone.position + (this.rateHz * FRAME_MS) / 1000);
    tone.position += frame.length;
    if (tone.position >= tone.samples.length) this.tone = undefined;
    return frame;
  }
}

/** What one can say and another can hear: that of the second best, for nobody hears itself. */
function rateFor(parties: readonly Party[]): number {
  const ratesHz = parties.map(({ codec }) => CODEC_FACTS[codec].sampleRateHz).sort((a, b) => b - a);
  return ratesHz[1] ?? 8000;
}

function maskOf(voices: readonly Voice[], listener: Party): number {
  let mask = 0;
  voices.forEach(({ party }, index) => {
    if (listener.audible.has(party)) mask |= 1 << index;
  });
  return mask;
}

/** The sum of the voices in the mask: from nothing, or from the total when only few are missing. */
function sumFor(mask: number, { voices, total }: { voices: readonly Voice[]; total: Int32Array }): Int32Array {
  const missing = voices.filter((_, index) => (mask & (1 << index)) === 0);
  if (missing.length === 0) return total;
  const sum = Int32Array.from(total);
  for (const { samples } of missing) add(sum, samples, -1);
  return sum;
}

function add(sum: Int32Array, samples: Int16Array, sign: 1 | -1): void {
  for (let index = 0; index < samples.length; index += 1) sum[index] = (sum[index] ?? 0) + sign * (samples[index] ?? 0);
}

function energyOf(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return energy;
}

function gainOf({ gainDb = 0, muted = false }: MixMember): number {
  if (muted) return 0;
  return gainDb === 0 ? 1 : 10 ** (gainDb / 20);
}
