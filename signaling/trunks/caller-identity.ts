/** Who an outgoing call says it is from: From, Privacy (RFC 3323), P-Asserted- and P-Preferred-Identity (RFC 3325). */
import type { CallParty } from '../ports';
import { NameAddr } from '../sip/headers/name-addr';
import { escapeUser, SipUri } from '../sip/uri';
import type { Trunk } from './trunk';

const ANONYMOUS = 'anonymous';

/**
 * The identity headers of a call through this trunk. A withheld call is "Anonymous" in its From and asks for `Privacy:
 * id`; its number goes only to a carrier within our trust domain, as P-Asserted-Identity, which removes it (RFC 3325, 7).
 */
export const identityHeaders = (
  trunk: Trunk,
  caller: CallParty,
  how: { readonly withheld: boolean; readonly direct: boolean },
): Readonly<Record<string, string>> => {
  const { fromDomain = 'localhost', callerIdPolicy, assertedIdentity } = trunk.settings;
  const party = shownParty(trunk, caller, how.direct);
  const withheld = how.withheld || callerIdPolicy === 'withheld';
  const isNamed = party.number !== '' && party.number !== ANONYMOUS;
  const headers: Record<string, string> = {};
  if (withheld) {
    headers.From = `"Anonymous" <sip:${ANONYMOUS}@anonymous.invalid>`;
    headers.Privacy = 'id';
  } else {
    headers.From = nameAddr(party.number === '' ? { ...party, number: ANONYMOUS } : party, fromDomain);
  }
  const { send = 'never' } = assertedIdentity ?? {};
  if (isNamed && send === 'asserted') headers['P-Asserted-Identity'] = nameAddr(party, fromDomain);
  // RFC 3325, section 9.2: an untrusted proxy would learn from it what a withheld call wants to hide.
  if (isNamed && send === 'preferred' && !withheld) headers['P-Preferred-Identity'] = nameAddr(party, fromDomain);
  return headers;
};

/** The number that the trunk's policy lets the callee see, in the carrier's format. */
const shownParty = ({ settings, numbers }: Trunk, caller: CallParty, direct: boolean): CallParty => {
  const { callerId = ANONYMOUS, allowedCallerIds = [] } = settings;
  // Who names the trunk, as the table of extensions does for another exchange, has chosen the caller as well.
  const byDefault = settings.callerId === undefined || direct ? 'pass-through' : 'fixed';
  const callerIdPolicy = settings.callerIdPolicy ?? byDefault;
  const ownIsAllowed =
    callerIdPolicy === 'pass-through' ||
    callerIdPolicy === 'withheld' ||
    (callerIdPolicy === 'allowed' && allowedCallerIds.includes(caller.number));
  if (ownIsAllowed) return { ...caller, number: numbers.outbound(caller.number) };
  return { number: callerId === ANONYMOUS ? ANONYMOUS : numbers.outbound(callerId) };
};

const nameAddr = ({ number, displayName }: CallParty, host: string): string =>
  new NameAddr(new SipUri({ scheme: 'sip', user: escapeUser(number), host }), displayName).toString();

/** What callers may not choose for themselves: it is the trunk's to say. */
const IDENTITY_HEADERS = new Set(['from', 'privacy', 'p-asserted-identity', 'p-preferred-identity', 'remote-party-id']);

export const withoutIdentityHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !IDENTITY_HEADERS.has(name.toLowerCase())));

/** Whether the caller wants to stay unknown (RFC 3323, 4.2; RFC 3325, 9.3). */
export const asksForPrivacy = (privacy: string | undefined): boolean =>
  (privacy ?? '')
    .toLowerCase()
    .split(/[;,]/)
    .some((value) => ['id', 'user', 'header'].includes(value.trim()));
