/** What an Opus packet says of itself without being decoded (RFC 6716, section 3.1: the table-of-contents byte). */

/** RFC 7587 section 4.1: timestamps count at 48 kHz, whatever the sound's own rate. */
export const OPUS_CLOCK_RATE_HZ = 48_000;

/** One CELT frame of 20 ms that is silent, mono: what libopus makes of no sound at all. */
export const OPUS_SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);

/** RFC 6716 section 3.2: no packet lasts longer. */
const LONGEST_PACKET_MS = 120;
const SILK_FRAMES_MS = [10, 20, 40, 60] as const;
const HYBRID_FRAMES_MS = [10, 20] as const;
const CELT_FRAMES_MS = [2.5, 5, 10, 20] as const;

/** How long the packet sounds; 0 for what is none. */
export function opusDurationMs(packet: Uint8Array): number {
  const [toc, counted] = packet;
  if (toc === undefined) return 0;
  const durationMs = frameMs(toc >> 3) * frameCount(toc & 3, counted);
  return durationMs <= LONGEST_PACKET_MS ? durationMs : 0;
}

/** Table 2: the configuration number gives mode, bandwidth and frame size. */
function frameMs(configuration: number): number {
  if (configuration < 12) return SILK_FRAMES_MS[configuration & 3] ?? 0;
  if (configuration < 16) return HYBRID_FRAMES_MS[configuration & 1] ?? 0;
  return CELT_FRAMES_MS[configuration & 3] ?? 0;
}

/** Code 3 says in its second byte how many frames there are. */
function frameCount(code: number, counted: number | undefined): number {
  if (code === 0) return 1;
  return code < 3 ? 2 : (counted ?? 0) & 0x3f;
}
