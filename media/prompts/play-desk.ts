/** What is being played to whom: one play at a time to an endpoint. */
import type { EndpointId, PlayId } from '../../base/ids';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import { Player } from '../player';
import type { PlayEnd } from '../player';
import type { MediaEvent, PlayControl, PlayPosition, PlayRequest } from '../ports';
import type { SoundLibrary } from './sound-library';

export interface PlayDeskOptions {
  readonly library: SoundLibrary;
  readonly ticker: FrameTicker;
  readonly onEnded: (event: Extract<MediaEvent, { type: 'play-ended' }>) => void;
}

export class PlayDesk {
  private readonly players = new Map<EndpointId, { readonly id: PlayId; readonly player: Player }>();

  constructor(private readonly options: PlayDeskOptions) {}

  get size(): number {
    return this.players.size;
  }

  isPlayingTo(endpointId: EndpointId): boolean {
    return this.players.has(endpointId);
  }

  /** Replaces what was playing there. */
  async play(request: PlayRequest, endpoint: MediaEndpoint): Promise<Result<void>> {
    const { playId, endpointId } = request;
    if (this.playing(playId)) return fail('conflict', `play ${playId} is running already`);
    this.stopAt(endpointId);
    const { library, ticker, onEnded } = this.options;
    const player = new Player({
      request,
      endpoint,
      library,
      ticker,
      onEnded: (end) => {
        this.forget(endpointId, player);
        onEnded({ type: 'play-ended', playId, endpointId, ...end });
      },
    });
    this.players.set(endpointId, { id: playId, player });
    const started = await player.start();
    if (!started.ok) this.forget(endpointId, player);
    return started;
  }

  /** Idempotent. */
  stop(playId: PlayId): void {
    this.playing(playId)?.stop();
  }

  /** Fails with `not_found` when there is no such play. */
  async control(playId: PlayId, control: PlayControl): Promise<Result<PlayPosition>> {
    return this.playing(playId)?.control(control) ?? fail('not_found', `there is no play ${playId}`);
  }

  /** Ends what is played to the endpoint, if anything is. */
  stopAt(endpointId: EndpointId, end?: PlayEnd): void {
    this.players.get(endpointId)?.player.stop(end);
  }

  private playing(playId: PlayId): Player | undefined {
    return [...this.players.values()].find(({ id }) => id === playId)?.player;
  }

  private forget(endpointId: EndpointId, player: Player): void {
    if (this.players.get(endpointId)?.player === player) this.players.delete(endpointId);
  }
}
