/** What is known of the center's own sounds; the sounds themselves are files. */

export interface SoundVersion {
  /** From 1. */
  n: number;
  atMs: number;
  /** The user's name, or the caller's number. */
  by: string;
  source: 'upload' | 'browser' | 'phone';
  durationMs: number;
  /** Before it was levelled. */
  loudnessLufs: number;
  peakDbfs: number;
  leadingSilenceMs: number;
  trailingSilenceMs: number;
  longestSilenceMs: number;
}

export interface StoredSound {
  /** Its path below the folder of sounds without the ending, such as `prompts/en/welcome`. */
  _id: string;
  /** The version that callers hear. */
  current: number;
  /** Oldest first. */
  versions: SoundVersion[];
}
