/** Two parties of different codecs who hear each other: a mix of two, which decodes and encodes. */
import type { Clock } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import type { Bridge } from '../bridge';
import { CODEC_FACTS } from '../codec/codecs';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import type { AudioCodec } from '../ports';
import { Mix } from './mix';

export interface BridgedParty {
  readonly endpoint: MediaEndpoint;
  readonly codec: AudioCodec;
}

export interface TranscodingBridgeOptions {
  readonly a: BridgedParty;
  readonly b: BridgedParty;
  readonly isPlayingTo: (endpointId: EndpointId) => boolean;
  readonly clock: Clock;
  readonly ticker: FrameTicker;
}

export class TranscodingBridge implements Bridge {
  readonly endpoints: readonly MediaEndpoint[];
  private readonly mix: Mix;

  constructor({ a, b, isPlayingTo, clock, ticker }: TranscodingBridgeOptions) {
    this.endpoints = [a.endpoint, b.endpoint];
    const ceilingHz = Math.min(...[a, b].map(({ codec }) => CODEC_FACTS[codec].sampleRateHz));
    this.mix = new Mix({ clock, ticker, isPlayingTo, forwardDigits: true, tones: false, ceilingHz });
    this.mix.join(
      [a, b].map(({ endpoint, codec }) => ({
        member: { endpointId: endpoint.id, hears: 'all', speaks: 'all' },
        endpoint,
        codec,
      })),
    );
  }

  close(): void {
    this.mix.close();
  }
}
