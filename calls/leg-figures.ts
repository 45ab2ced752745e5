/** Both directions of one leg: what its party says as it reaches us, and what we send as it reaches the party. */
import type { AudioCodec, EndpointReading } from '../media/ports';
import type { LegQuality } from '../store/interaction';
import { DirectionFigures } from './direction-figures';
import type { LiveQuality, VoiceCounters } from './direction-figures';

export interface LiveLeg {
  /** The party's voice, as we receive it. */
  readonly heard?: LiveQuality | undefined;
  /** What the party hears of us. */
  readonly sent?: LiveQuality | undefined;
}

export class LegFigures {
  private readonly heard = new DirectionFigures();
  private readonly byReports = new DirectionFigures();
  private readonly byBrowser = new DirectionFigures();
  private hasBrowser = false;
  private codec: AudioCodec | undefined;

  observe(reading: EndpointReading): void {
    const { codec, packetsReceived, packetsLost, packetsSent, peerLost, roundTripMs } = reading;
    if (!codec) return;
    this.codec = codec;
    const { jitterMs, concealedMs, jitterBufferMs } = reading;
    const heard = { packets: packetsReceived, lost: packetsLost, jitterMs, roundTripMs, concealedMs, jitterBufferMs };
    this.heard.observe(heard, codec);
    if (peerLost === undefined) return;
    const packets = Math.max(0, packetsSent - peerLost);
    this.byReports.observe({ packets, lost: peerLost, jitterMs: reading.peerJitterMs ?? 0, roundTripMs }, codec);
  }

  /** What the browser itself has counted of what it receives: it knows its buffer and what it makes up. */
  observeBrowser(counters: VoiceCounters): void {
    if (!this.codec) return;
    this.hasBrowser = true;
    this.byBrowser.observe(counters, this.codec);
  }

  get live(): LiveLeg {
    return { heard: this.heard.live, sent: this.sentFigures.live };
  }

  summary(): Pick<LegQuality, 'codec' | 'heard' | 'sent' | 'sentBy'> {
    const heard = this.heard.summary();
    const sent = this.sentFigures.summary();
    return {
      ...(this.codec && { codec: this.codec }),
      ...(heard && { heard }),
      ...(sent && { sent, sentBy: this.hasBrowser ? 'browser' : 'rtcp' }),
    };
  }

  private get sentFigures(): DirectionFigures {
    return this.hasBrowser ? this.byBrowser : this.byReports;
  }
}
