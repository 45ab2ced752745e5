/** What mixing and recording need of a codec: frames to PCM16 and back, by objects that keep the codec's state. */

export interface AudioDecoder {
  /** Of the PCM that comes out. */
  readonly sampleRateHz: number;
  /** Samples of one packet; none for a packet that is no sound of this codec. */
  decode(payload: Buffer): Int16Array;
  /**
   * Only codecs that hide losses themselves: sound in the place of what is missing, at least `count` samples of it.
   * @param next the packet behind the gap, when it is there: it may hold a copy of the one before it.
   */
  conceal?(count: number, next?: Buffer): Int16Array;
  /** Releases what the codec holds outside of JavaScript's memory. Idempotent. */
  close(): void;
}

export interface AudioEncoder {
  /** Of the PCM that goes in. */
  readonly sampleRateHz: number;
  /** The payload of one 20 ms frame. */
  encode(samples: Int16Array): Buffer;
  /** Idempotent. */
  close(): void;
}
