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

/** `source|bytes|protocol|address|port|time`, the time being that of the day in UTC with microseconds. */
export const formatMeta = (meta: MessageMeta): string => {
  const time = `${new Date(meta.atMs).toISOString().slice(11, 23)}000`;
  return [meta.source, meta.bytes, meta.protocol, meta.address, meta.port, time].join('|');
};
