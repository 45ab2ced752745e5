/** WAV files of 16-bit PCM as the tests' tools write and read them, independent of the product's own reader. */

/** @param samples of all channels in turn. */
export const pcm16Wav = (samples: Int16Array, { sampleRateHz = 8000, channels = 1 } = {}): Buffer => {
  const frameBytes = 2 * channels;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
};

/** The samples of a mono file that may still be growing, so that its header's sizes mean nothing yet. */
export const readPcm16Wav = (file: Buffer): Float64Array => {
  const data = file.indexOf('data', 12, 'latin1') + 8;
  const count = Math.max(0, Math.floor((file.length - data) / 2));
  return Float64Array.from({ length: count }, (_, index) => file.readInt16LE(data + 2 * index) / 32_768);
};
