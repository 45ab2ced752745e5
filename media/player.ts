/** One play: sources in sequence to one endpoint, a frame at each beat. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { CODEC_FACTS } from './codec/codecs';
import { FRAME_MS } from './codec/g711';
import { digitOfEvent, parseTelephoneEvent } from './dtmf/telephone-event';
import type { MediaEndpoint, StreamPacket } from './endpoint/endpoint';
import type { FrameTicker } from './frame-ticker';
import type { AudioCodec, MediaEvent, PlayControl, PlayPosition, PlayRequest } from './ports';
import { silenceOf } from './prompts/sound';
import type { Sound } from './prompts/sound';
import type { SoundLibrary } from './prompts/sound-library';
import { Track } from './prompts/track';
import { wrapSequence, wrapTimestamp } from './rtp/sequence';
import { nextSourceId } from './source-id';

export type PlayEnd = Pick<Extract<MediaEvent, { type: 'play-ended' }>, 'reason' | 'detail' | 'positionMs' | 'digit'>;

export interface PlayerOptions {
  readonly request: PlayRequest;
  readonly endpoint: MediaEndpoint;
  readonly library: SoundLibrary;
  readonly ticker: FrameTicker;
  /** Called once, when a play that had been accepted ends. */
  readonly onEnded: (end: PlayEnd) => void;
}

interface Playing {
  readonly name: 'playing';
  readonly codec: AudioCodec;
  readonly unsubscribe: () => void;
  track: Track;
  paused: boolean;
}

type PlayerState = { readonly name: 'loading' } | Playing | { readonly name: 'ended' };

export class Player {
  private state: PlayerState = { name: 'loading' };
  private readonly sourceId = nextSourceId();
  private silence: Sound | undefined;
  private sentFrames = 0;

  constructor(private readonly options: PlayerOptions) {}

  /**
   * Loads all sources and begins. Fails, without an `onEnded`, when a source cannot be loaded or nothing is to be
   * played. A play stopped while it loads has ended like any other.
   */
  async start(): Promise<Result<void>> {
    const { endpoint, request, ticker } = this.options;
    const { codec } = endpoint;
    const track = codec
      ? await this.load(codec, request.gainDb ?? 0)
      : fail('conflict', `endpoint ${endpoint.id} has no codec yet; nothing can be played to it`);
    if (this.state.name !== 'loading') return ok(undefined);
    if (!track.ok || !codec) {
      this.state = { name: 'ended' };
      return track.ok ? ok(undefined) : track;
    }
    if (request.fromMs !== undefined) track.value.seekMs(request.fromMs);
    const unsubscribes = [ticker.subscribe(() => this.onFrame()), this.listenForKeys()];
    const unsubscribe = (): void => unsubscribes.forEach((end) => end());
    this.state = { name: 'playing', codec, track: track.value, paused: false, unsubscribe };
    return ok(undefined);
  }

  /** Ends it. Idempotent. */
  stop(end: PlayEnd = { reason: 'stopped' }): void {
    const { state } = this;
    if (state.name === 'ended') return;
    this.state = { name: 'ended' };
    if (state.name !== 'playing') return this.options.onEnded(end);
    const { positionMs } = state.track;
    state.unsubscribe();
    state.track.rest();
    this.options.onEnded({ ...end, positionMs });
  }

  /** Fails with `conflict` for a play that is still loading, and as loading does when the volume changes. */
  async control(control: PlayControl): Promise<Result<PlayPosition>> {
    const { state } = this;
    if (state.name !== 'playing') return fail('conflict', 'the play has not begun yet, or is over');
    switch (control.do) {
      case 'pause':
      case 'resume':
        state.paused = control.do === 'pause';
        break;
      case 'seek':
        state.track.seekMs(control.toMs);
        break;
      case 'skip':
        state.track.seekMs(state.track.positionMs + control.byMs);
        break;
      case 'volume': {
        const changed = await this.changeVolume(state, control.gainDb);
        if (!changed.ok) return changed;
      }
    }
    const { positionMs, durationMs } = state.track;
    return ok({ positionMs, durationMs, paused: state.paused });
  }

  /** The same sounds at another volume, from where the play is when they are there. */
  private async changeVolume(state: Playing, gainDb: number): Promise<Result<void>> {
    const louder = await this.load(state.codec, gainDb);
    if (!louder.ok) return louder;
    louder.value.seekMs(state.track.positionMs);
    state.track.rest();
    state.track = louder.value;
    return ok(undefined);
  }

  private async load(codec: AudioCodec, gainDb: number): Promise<Result<Track>> {
    const { library, request } = this.options;
    const loaded = await Promise.all(request.sources.map((source) => library.load(source, { codec, gainDb })));
    const sounds = [];
    for (const some of loaded) {
      if (!some.ok) return some;
      sounds.push(...some.value);
    }
    const track = new Track(sounds, request.loop === true);
    if (track.isEmpty) return fail('bad_input', 'the play has no sound: its sources are none or empty');
    return ok(track);
  }

  /** A key ends the play with its first packet: whoever presses one has heard enough. */
  private listenForKeys(): () => void {
    const { endpoint, request } = this.options;
    const keys = request.interruptedBy;
    if (keys === undefined || keys === '') return () => undefined;
    return endpoint.onPacket((packet) => {
      const digit = digitOf(packet);
      if (digit !== undefined && (keys === 'any' || keys.includes(digit))) this.stop({ reason: 'stopped', digit });
    });
  }

  private onFrame(): void {
    const frame = this.nextFrame();
    if (!frame) return this.stop({ reason: 'finished' });
    const { codec } = this.options.endpoint;
    const sent = this.sentFrames++;
    const perFrame = codec ? (CODEC_FACTS[codec].clockRateHz * FRAME_MS) / 1000 : 0;
    this.options.endpoint.send({
      sourceId: this.sourceId,
      sequenceNumber: wrapSequence(sent),
      timestamp: wrapTimestamp(sent * perFrame),
      marker: sent === 0,
      content: 'audio',
      payload: frame,
    });
  }

  /** Undefined after the last frame of the last source. Silence while paused, so that the stream goes on. */
  private nextFrame(): Buffer | undefined {
    const { state } = this;
    if (state.name !== 'playing') return undefined;
    const frame = state.paused ? 'wait' : state.track.next();
    if (frame !== 'wait') return frame;
    this.silence ??= silenceOf(FRAME_MS, state.codec);
    return this.silence.frame(0);
  }
}

const digitOf = ({ content, payload }: StreamPacket): string | undefined => {
  if (content !== 'telephone-event') return undefined;
  const event = parseTelephoneEvent(payload);
  return event.ok ? digitOfEvent(event.value.event) : undefined;
};
