/** The lines of our SDP that say how packets travel: keys, DTLS, ICE, RTCP. */
import type { IceCredentials } from '../ice/ice-lite';
import type { RemoteIce, Setup } from './remote-transport';
import type { TransportAddress } from './rtp-remote';
import { cryptoLine } from './security-descriptions';
import type { CryptoAttribute } from './security-descriptions';

export interface TransportTerms {
  readonly rtp: TransportAddress;
  readonly rtcpPort: number;
  readonly cryptos: readonly CryptoAttribute[];
  readonly dtls?: { readonly fingerprint: string; readonly setup: Setup } | undefined;
  /** `mismatch`: we do without, and say why. */
  readonly ice?: IceCredentials | 'mismatch' | undefined;
  /** `only`: agreed. `also`: offered, with a port of its own for a peer that does not take it (RFC 5761, 5.1.1). */
  readonly rtcpMux: 'no' | 'also' | 'only';
}

/** RFC 8839, 5.2: above all m= lines. */
export const sessionLines = (ice: TransportTerms['ice']): string[] =>
  ice === undefined || ice === 'mismatch' ? [] : ['a=ice-lite'];

export const transportLines = (terms: TransportTerms): string[] => [
  ...terms.cryptos.map(cryptoLine),
  ...(terms.dtls ? [`a=fingerprint:sha-256 ${terms.dtls.fingerprint}`, `a=setup:${terms.dtls.setup}`] : []),
  ...iceLines(terms),
  ...(terms.rtcpMux === 'no' ? [] : ['a=rtcp-mux']),
  ...(terms.rtcpMux === 'only' ? [] : [`a=rtcp:${terms.rtcpPort}`]),
];

function iceLines({ ice, rtp, rtcpPort, rtcpMux }: TransportTerms): string[] {
  if (ice === undefined) return [];
  if (ice === 'mismatch') return ['a=ice-mismatch'];
  const ports = rtcpMux === 'only' ? [rtp.port] : [rtp.port, rtcpPort];
  return [
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    ...ports.map(
      (port, index) => `a=candidate:1 ${index + 1} UDP ${priorityOf(index + 1)} ${rtp.address} ${port} typ host`,
    ),
  ];
}

/** RFC 8445, 5.1.2.1: a host candidate, the only one. */
const priorityOf = (component: number): number => 126 * 2 ** 24 + 65_535 * 2 ** 8 + (256 - component);

/** Ours, when the peer's say that it does the work of ICE. */
export const answeredIce = (
  remote: RemoteIce | undefined,
  credentials: IceCredentials | undefined,
): TransportTerms['ice'] => {
  if (remote?.kind === 'mismatch') return 'mismatch';
  return remote?.kind === 'full' ? credentials : undefined;
};
