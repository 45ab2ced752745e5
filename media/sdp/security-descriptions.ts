/** Keys in SDP: `a=crypto` (RFC 4568). They are as secret as the signalling that carries them. */
import type { MediaDescription } from 'sdp-transform';
import type { MasterKey } from '../srtp/session-keys';
import { suiteNamed } from '../srtp/suites';
import type { SrtpSuite } from '../srtp/suites';

export interface CryptoAttribute {
  /** Names the attribute; an answer repeats that of the one it takes. 1 to 9 digits. */
  readonly tag: number;
  readonly suite: SrtpSuite;
  readonly master: MasterKey;
}

/** The attributes of a media line that we can follow, in its order; others are passed over (section 5.1.2). */
export const cryptosOf = (line: MediaDescription): CryptoAttribute[] =>
  (line.crypto ?? []).flatMap(({ id, suite: name, config, sessionConfig }) => {
    const suite = suiteNamed(String(name));
    // Session parameters change how packets look; only a window size may be ignored (section 6.3.7).
    const parameters = String(sessionConfig ?? '').trim();
    if (!suite || (parameters !== '' && !/^WSH=\d+$/.test(parameters))) return [];
    const master = masterKeyIn(String(config), suite);
    return master ? [{ tag: id, suite, master }] : [];
  });

/**
 * `inline:<key and salt in base64>[|lifetime][|MKI:length]`. Of several keys, and of a key with an identifier, nothing
 * is taken: packets would have to say which key they mean.
 */
const masterKeyIn = (text: string, suite: SrtpSuite): MasterKey | undefined => {
  const match = /^inline:([A-Za-z0-9+/=]{20,88})(?:\|(?:2\^)?\d{1,15})?$/.exec(text);
  const bytes = Buffer.from(match?.[1] ?? '', 'base64');
  if (bytes.length !== suite.keyBytes + suite.saltBytes) return undefined;
  return { key: bytes.subarray(0, suite.keyBytes), salt: bytes.subarray(suite.keyBytes) };
};

/** The keys that a description of ours says. */
export const cryptosIn = (sdp: string): Omit<CryptoAttribute, 'tag'>[] =>
  [...sdp.matchAll(/^a=crypto:\d+ (\S+) (\S+)\r?$/gm)].flatMap(([, name = '', config = '']) => {
    const suite = suiteNamed(name);
    const master = suite && masterKeyIn(config, suite);
    return suite && master ? [{ suite, master }] : [];
  });

export const cryptoLine = ({ tag, suite, master }: CryptoAttribute): string =>
  `a=crypto:${tag} ${suite.name} inline:${Buffer.concat([master.key, master.salt]).toString('base64')}`;
