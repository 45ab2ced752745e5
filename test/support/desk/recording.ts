/** A recording to play: the caller's tone on the left, the agent's on the right. */
const RATE_HZ = 8000;
const SECONDS = 2;

export const toneRecording = (): Buffer => {
  const frames = RATE_HZ * SECONDS;
  const wav = Buffer.alloc(44 + frames * 4);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + frames * 4, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(RATE_HZ, 24);
  wav.writeUInt32LE(RATE_HZ * 4, 28);
  wav.writeUInt16LE(4, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(frames * 4, 40);
  for (let frame = 0; frame < frames; frame += 1) {
    const sample = (frequencyHz: number): number =>
      Math.round(8000 * Math.sin((2 * Math.PI * frequencyHz * frame) / RATE_HZ));
    wav.writeInt16LE(sample(440), 44 + frame * 4);
    wav.writeInt16LE(sample(660), 46 + frame * 4);
  }
  return wav;
};
