/** Sound that nobody made: what a muted or broken microphone sends. A quiet room never is exactly this. */
import type { AudioCodec } from '../ports';

/** Plus and minus zero of each law (ITU-T G.711). */
const SILENT_OCTETS = { PCMA: [0xd5, 0x55], PCMU: [0xff, 0x7f] } as const;

/** libopus sends 3 bytes for 20 ms of zeros, and fewer with DTX; no speech is so short. */
const LONGEST_SILENT_OPUS = 3;

/** G.722 has no pattern of its own for silence: it never is. */
export function isDigitalSilence(codec: AudioCodec, payload: Buffer): boolean {
  if (codec === 'OPUS') return payload.length <= LONGEST_SILENT_OPUS;
  if (codec === 'G722') return false;
  const [first] = payload;
  if (first === undefined) return true;
  const [plus, minus] = SILENT_OCTETS[codec];
  return (first === plus || first === minus) && payload.every((octet) => octet === first);
}
