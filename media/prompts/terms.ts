/** What can be played to a party, and how; and what is taken of its voice, to be played. */
import type { EndpointId, PlayId } from '../../base/ids';
import type { ToneName } from '../../base/progress-tones';

export type PlaySource =
  /** A recorded prompt of the library: `prompts/<language>/<name>.wav`. */
  | { readonly kind: 'prompt'; readonly name: string; readonly language: string }
  /**
   * Music on hold of the library: a file, or all files of a folder in turn; that of the language first, and `default` for
   * what is not there. With a `stream` that is heard, and the library's while it is away.
   */
  | { readonly kind: 'music'; readonly name: string; readonly language?: string; readonly stream?: MusicStream }
  /** One period of a country's ringing tone (ITU-T E.180), by its calling code; that of most countries without one. */
  | { readonly kind: 'ring-back'; readonly country?: string }
  /** The tone that tells the parties of a recording: 1400 Hz for a fifth of a second (47 CFR 64.501). */
  | { readonly kind: 'beep' }
  /** A call progress tone, by country as `ring-back`: one period, or again and again until `durationMs` are over. */
  | { readonly kind: 'tone'; readonly tone: ToneName; readonly country?: string; readonly durationMs?: number }
  /** Text, said by the speech engine. */
  | { readonly kind: 'speech'; readonly text: string; readonly language: string; readonly voice?: string }
  /** Prompts one after the other when the library has all of `pieces`, else `text` by the speech engine. */
  | { readonly kind: 'phrase'; readonly language: string; readonly pieces: readonly string[]; readonly text: string }
  /** What `startTake` of the media port has taken. */
  | { readonly kind: 'take'; readonly takeId: string }
  | { readonly kind: 'silence'; readonly durationMs: number };

/** A server that sends MP3, Ogg Opus or WAV for as long as one listens. */
export interface MusicStream {
  /** http or https; no redirection is followed. */
  readonly url: string;
  /** Volume: -40 to 20 dB. Default 0. */
  readonly gainDb?: number;
}

export interface PlayRequest {
  readonly playId: PlayId;
  readonly endpointId: EndpointId;
  readonly sources: readonly PlaySource[];
  /** Begin again after the last source, until stopped. Default false. */
  readonly loop?: boolean;
  /** Volume: -40 to 20 dB. Default 0. */
  readonly gainDb?: number;
  /** Keys of the endpoint's peer that end the play as soon as they are pressed; `any` stands for all. Default none. */
  readonly interruptedBy?: string;
  /** Begin there. Default 0. */
  readonly fromMs?: number;
}

/** What can be done to a play. `skip` moves by `byMs`, back when it is negative; both ends of the sound are bounds. */
export type PlayControl =
  | { readonly do: 'pause' | 'resume' }
  | { readonly do: 'seek'; readonly toMs: number }
  | { readonly do: 'skip'; readonly byMs: number }
  | { readonly do: 'volume'; readonly gainDb: number };

export interface PlayPosition {
  readonly positionMs: number;
  /** Of all sources together, as far as that is known: music in a folder is loaded piece by piece. */
  readonly durationMs: number;
  readonly paused: boolean;
}

/** What one party says, to become a prompt or a message: a WAV file that {@link PlaySource} `take` plays. */
export interface TakeRequest {
  readonly takeId: string;
  readonly endpointId: EndpointId;
  /** It ends by itself then: 1 s to 10 min. */
  readonly maxMs: number;
}

export interface TakeSummary {
  /** Path of the WAV file below the folder of the center's own sounds. */
  readonly path: string;
  readonly durationMs: number;
}
