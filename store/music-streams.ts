/** Music on hold that a server streams, as administrators set it; the id is the name of the music. */
export interface MusicStreamSetting {
  _id: string;
  url: string;
  /** Volume in dB. */
  gainDb: number;
}
