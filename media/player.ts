/** One play: sources in sequence to one endpoint, a frame at each beat. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { CODEC_FACTS } from './codec/codecs';
import { FRAME_MS } from './codec/g711';
import type { MediaEndpoint } from './endpoint/endpoint';
import type { FrameTicker } from './frame-ticker';
import type { MediaEvent, PlayRequest } from './ports';
import type { Sound } from './prompts/sound';
import type { SoundLibrary } from './prompts/sound-library';
import { wrapSequence, wrapTimestamp } from './rtp/sequence';
import { nextSourceId } from './source-id';

export type PlayEnd = Pick<Extract<MediaEvent, { type: 'play-ended' }>, 'reason' | 'detail'>;

export interface PlayerOptions {
  readonly request: PlayRequest;
  readonly endpoint: MediaEndpoint;
  readonly library: SoundLibrary;
  readonly ticker: FrameTicker;
  /** Called once, when a play that had been accepted ends. */
  readonly onEnded: (end: PlayEnd) => void;
}

type PlayerState =
  | { readonly name: 'loading' }
  | { readonly name: 'playing'; readonly sounds: readonly Sound[]; readonly unsubscribe: () => void }
  | { readonly name: 'ended' };

export class Player {
  private state: PlayerState = { name: 'loading' };
  private readonly sourceId = nextSourceId();
  private soundIndex = 0;
  private frameIndex = 0;
  private sentFrames = 0;
  private unitsPerFrame = 0;

  constructor(private readonly options: PlayerOptions) {}

  /**
   * Loads all sources and begins. Fails, without an `onEnded`, when a source cannot be loaded or nothing is to be
   * played. A play stopped while it loads has ended like any other.
   */
  async start(): Promise<Result<void>> {
    const loaded = await this.load();
    if (this.state.name !== 'loading') return ok(undefined);
    if (!loaded.ok) {
      this.state = { name: 'ended' };
      return loaded;
    }
    const unsubscribe = this.options.ticker.subscribe(() => this.onFrame());
    this.state = { name: 'playing', sounds: loaded.value, unsubscribe };
    return loaded.ok ? ok(undefined) : loaded;
  }

  /** Ends it. Idempotent. */
  stop(end: PlayEnd = { reason: 'stopped' }): void {
    if (this.state.name === 'ended') return;
    if (this.state.name === 'playing') this.state.unsubscribe();
    this.state = { name: 'ended' };
    this.options.onEnded(end);
  }

  private async load(): Promise<Result<readonly Sound[]>> {
    const { endpoint, library, request } = this.options;
    const { codec } = endpoint;
    if (!codec) return fail('conflict', `endpoint ${endpoint.id} has no codec yet; nothing can be played to it`);
    this.unitsPerFrame = (CODEC_FACTS[codec].clockRateHz * FRAME_MS) / 1000;
    const loaded = await Promise.all(request.sources.map((source) => library.load(source, codec)));
    const sounds: Sound[] = [];
    for (const sound of loaded) {
      if (!sound.ok) return sound;
      sounds.push(sound.value);
    }
    if (sounds.every(({ frameCount }) => frameCount === 0))
      return fail('bad_input', 'the play has no sound: its sources are none or empty');
    return ok(sounds);
  }

  private onFrame(): void {
    const frame = this.nextFrame();
    if (!frame) return this.stop({ reason: 'finished' });
    const sent = this.sentFrames++;
    this.options.endpoint.send({
      sourceId: this.sourceId,
      sequenceNumber: wrapSequence(sent),
      timestamp: wrapTimestamp(sent * this.unitsPerFrame),
      marker: sent === 0,
      content: 'audio',
      payload: frame,
    });
  }

  /** Undefined after the last frame of the last source. */
  private nextFrame(): Buffer | undefined {
    if (this.state.name !== 'playing') return undefined;
    const { sounds } = this.state;
    for (;;) {
      const sound = sounds[this.soundIndex];
      if (sound && this.frameIndex < sound.frameCount) return sound.frame(this.frameIndex++);
      this.frameIndex = 0;
      this.soundIndex += 1;
      if (this.soundIndex < sounds.length) continue;
      if (this.options.request.loop !== true) return undefined;
      this.soundIndex = 0;
    }
  }
}
