/** What is played to the legs of the pool: by the process of the leg, and again by the next one when that dies. */
import { fail, ok } from '../../base/result';
import type { MediaEvent, MediaPort } from '../ports';
import { isAway } from './book';
import type { Book, PooledEndpoint } from './book';
import { forgiven } from './joins';

export interface PooledPlaysOptions {
  readonly book: Book;
  readonly emit: (event: MediaEvent) => void;
}

const DONE = ok(undefined);

export class PooledPlays {
  constructor(private readonly options: PooledPlaysOptions) {}

  readonly play: MediaPort['play'] = async (request) => {
    const { book } = this.options;
    const { playId, endpointId } = request;
    return book.with(endpointId, async (endpoint) => {
      if (book.playing(playId)) return fail('conflict', `play ${playId} is running already`);
      this.endAway(endpoint);
      endpoint.play = request;
      if (isAway(endpoint)) return DONE;
      const playing = forgiven(await endpoint.member.port.play(request));
      if (!playing.ok && endpoint.play === request) endpoint.play = undefined;
      return playing;
    });
  };

  readonly stop: MediaPort['stopPlay'] = async (playId) => {
    const endpoint = this.options.book.playing(playId);
    if (!endpoint) return DONE;
    if (!isAway(endpoint)) return forgiven(await endpoint.member.port.stopPlay(playId));
    this.endAway(endpoint);
    return DONE;
  };

  readonly control: MediaPort['controlPlay'] = async (playId, control) => {
    const endpoint = this.options.book.playing(playId);
    if (!endpoint) return fail('not_found', `there is no play ${playId}`);
    if (isAway(endpoint)) return fail('unavailable', `the party of play ${playId} is on its way to another process`);
    return endpoint.member.port.controlPlay(playId, control);
  };

  /** What was to be played to a leg that is away, and to which something else is to happen. */
  endAway(endpoint: PooledEndpoint): void {
    const { play, endpointId } = endpoint;
    if (!play || !isAway(endpoint)) return;
    endpoint.play = undefined;
    this.options.emit({ type: 'play-ended', playId: play.playId, endpointId, reason: 'stopped' });
  }

  /** Its process says so. */
  ended(endpoint: PooledEndpoint, playId: NonNullable<PooledEndpoint['play']>['playId']): void {
    if (endpoint.play?.playId === playId) endpoint.play = undefined;
  }

  /** To a leg that was away: from the beginning, unless something else has begun meanwhile. */
  async restore(endpoint: PooledEndpoint, play: PooledEndpoint['play']): Promise<void> {
    if (!play || endpoint.play !== play || isAway(endpoint)) return;
    const playing = await endpoint.member.port.play(play);
    if (playing.ok || endpoint.play !== play) return;
    endpoint.play = undefined;
    const { playId, endpointId } = play;
    this.options.emit({ type: 'play-ended', playId, endpointId, reason: 'failed', detail: playing.fault.message });
  }
}
