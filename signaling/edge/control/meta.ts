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
  const time = `${digits(Math.floor(seconds / 3_600), 2)}:${digits(Math.floor(seconds / 60) % 60, 2)}`;
  return `${time}:${digits(seconds % 60, 2)}.${digits(ofDay % 1_000, 3)}000`;
};

const DAY_MS = 24 * 60 * 60 * 1_000;

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** `source|bytes|protocol|address|port|time`. */
export const formatMeta = (meta: MessageMeta): string => {
  return [meta.source, meta.bytes, meta.protocol, meta.address, meta.port, formatTime(meta.atMs)].join('|');
};
