/** What one member hears: packets of the mix on a stream of their own. */
import { randomInt } from 'node:crypto';
import { CODEC_FACTS } from '../codec/codecs';
import { FRAME_MS } from '../codec/g711';
import type { MediaEndpoint, StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec } from '../ports';
import { wrapSequence, wrapTimestamp } from '../rtp/sequence';
import { nextSourceId } from '../source-id';

export class MixOutput {
  private readonly sourceId = nextSourceId();
  private readonly unitsPerFrame: number;
  private sequenceNumber = randomInt(0x1_0000);
  private timestamp = randomInt(0x7fff_ffff);
  private interrupted = true;

  constructor(
    private readonly endpoint: MediaEndpoint,
    readonly codec: AudioCodec,
  ) {
    this.unitsPerFrame = (CODEC_FACTS[codec].clockRateHz * FRAME_MS) / 1000;
  }

  send(payload: Buffer): void {
    this.sequenceNumber = wrapSequence(this.sequenceNumber + 1);
    this.timestamp = wrapTimestamp(this.timestamp + this.unitsPerFrame);
    const marker = this.interrupted;
    this.interrupted = false;
    const { sourceId, sequenceNumber, timestamp } = this;
    this.endpoint.send({ sourceId, sequenceNumber, timestamp, marker, content: 'audio', payload });
  }

  /** A beat in which this member hears something else. */
  skip(): void {
    this.timestamp = wrapTimestamp(this.timestamp + this.unitsPerFrame);
    this.interrupted = true;
  }

  /** A digit of another member; its timestamps count at the clock of that member's codec. */
  forwardEvent(packet: StreamPacket, from: AudioCodec): void {
    const ratio = CODEC_FACTS[this.codec].clockRateHz / CODEC_FACTS[from].clockRateHz;
    const timestamp = wrapTimestamp(Math.round(packet.timestamp * ratio));
    this.endpoint.send(ratio === 1 ? packet : { ...packet, timestamp });
  }
}
