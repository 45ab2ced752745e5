/** What the wire protocol says about a SIP message beside its text: where it came from or went to, and when. */
import type { TransportName } from '../../ports';

export interface MessageMeta {
  /** `network` for messages that arrived, `application` for messages the app had sent. */
  readonly source: 'network' | 'application';
  readonly bytes: number;
  readonly protocol: TransportName;
  readonly address: string;
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** The time of the day in UTC, written with microseconds. */
export const formatTime = (atMs: number): string => {
  const ofDay = Math.floor(atMs) % DAY_MS;
  const seconds = Math.floor(ofDay / 1_000);
  const time = `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${time}.${three(ofDay % 1_000)}000`;
};

const DAY_MS = 24 * 60 * 60 * 1_000;

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
const three = (value: number): string => (value < 100 ? `0${two(value)}` : String(value));

/** `source|bytes|protocol|address|port|time`. */
export const formatMeta = ({ source, bytes, protocol, address, port, atMs }: MessageMeta): string =>
  `${source}|${bytes}|${protocol}|${address}|${port}|${formatTime(atMs)}`;
