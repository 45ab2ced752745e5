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
export const formatTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(11, 23)}000`;

/** `source|bytes|protocol|address|port|time`. */
export const formatMeta = (meta: MessageMeta): string => {
  return [meta.source, meta.bytes, meta.protocol, meta.address, meta.port, formatTime(meta.atMs)].join('|');
};
