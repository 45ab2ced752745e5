/** What an INVITE says, as its trunk lets it be read: headers changed, numbers made E.164, identities believed or not. */
import type { CallParty, TrunkRtp, TrunkTraits } from '../ports';
import type { SrfRequest } from '../srf/srf-types';
import { asksForPrivacy } from '../trunks/caller-identity';
import { applyHeaderRules } from '../trunks/header-rules';
import type { TrunkSettings } from '../trunks/settings';
import type { Trunk } from '../trunks/trunk';
import { partyOf, userOf } from './party';

export interface InviteView {
  readonly from: CallParty;
  readonly to: CallParty;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly withheld: boolean;
  readonly traits: TrunkTraits | undefined;
}

const IDENTITIES = ['p-asserted-identity', 'p-preferred-identity', 'remote-party-id'];

export const traitsOf = ({ settings, codecs }: Trunk): TrunkTraits => ({
  codecs,
  dtmf: settings.dtmf ?? 'rfc4733',
  srtp: settings.srtp ?? 'optional',
  rtp: rtpOf(settings),
  earlyMedia: settings.earlyMedia ?? 'pass',
});

export const rtpOf = (settings: TrunkSettings): TrunkRtp => {
  const { srtpKeys = 'any', rtpFrom = 'known', rtpNetworks = [], addresses, mediaTimeoutS = 60 } = settings;
  return {
    srtpKeys,
    ...(rtpFrom === 'known' && { rtpSources: [...addresses, ...rtpNetworks] }),
    mediaTimeoutMs: mediaTimeoutS * 1000,
  };
};

/** @param trunk absent for calls of agents. */
export const viewInvite = (req: SrfRequest, trunk: Trunk | undefined): InviteView => {
  const raw = lowerCased(req.headers);
  const to = { ...partyOf(req.get('To')), number: userOf(req.uri) };
  if (!trunk) {
    // An agent's browser asserts nothing: who it is has been proved otherwise.
    const headers = without(raw, IDENTITIES);
    return { from: partyOf(req.get('From')), to, headers, withheld: false, traits: undefined };
  }
  const { settings, numbers } = trunk;
  const accepted = settings.assertedIdentity?.accept !== false;
  const headers = applyHeaderRules(accepted ? raw : without(raw, IDENTITIES), settings.headersIn ?? []);
  const said = partyOf(headers['p-asserted-identity'] ?? req.get('From'));
  const withheld = asksForPrivacy(headers.privacy);
  return {
    from: withheld ? { number: 'anonymous' } : { ...said, number: numbers.inbound(said.number) },
    to: { ...to, number: numbers.inbound(dialledNumber(trunk, to.number, req)) },
    headers: lowerCased(headers),
    withheld,
    traits: traitsOf(trunk),
  };
};

/** A carrier calls the Contact that we have registered; which number was dialled is then in the To. */
const dialledNumber = ({ settings }: Trunk, user: string, req: SrfRequest): string => {
  const { registration, credentials } = settings;
  const registered = registration && (registration.user ?? credentials?.username);
  if (registered === undefined || user !== registered) return user;
  const named = partyOf(req.get('To')).number;
  return named === '' ? user : named;
};

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const without = (headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
