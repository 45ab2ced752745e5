/** Parties of a call, read from and written into SIP addresses. */
import { parseNameAddr, NameAddr } from '../sip/headers/name-addr';
import { escapeUser, parseUri, SipUri } from '../sip/uri';
import type { CallParty } from '../ports';

/** The party of a From, To or P-Asserted-Identity; empty when the header cannot be read. */
export const partyOf = (header: string | undefined): CallParty => {
  const parsed = parseNameAddr(header ?? '');
  if (!parsed.ok) return { number: '' };
  const { uri, displayName } = parsed.value;
  const number = uri.userDecoded ?? '';
  return displayName === undefined || displayName === '' ? { number } : { number, displayName };
};

/** The user part of a URI. */
export const userOf = (uri: string): string => {
  const parsed = parseUri(uri);
  return parsed.ok ? (parsed.value.userDecoded ?? '') : '';
};

/** The address of a party of ours; the server puts its own name in the place of `localhost`. */
export const addressOf = (party: CallParty, host = 'localhost'): string => {
  const user = party.number === '' ? 'anonymous' : escapeUser(party.number);
  return new NameAddr(new SipUri({ scheme: 'sip', user, host }), party.displayName).toString();
};
