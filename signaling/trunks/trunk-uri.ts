/** The URIs by which a trunk's proxies, its registrar and the numbers behind it are called. */
import { escapeUser, parseUri, SipUri } from '../sip/uri';
import type { RegistrationTarget } from './registration';
import type { TrunkTransport } from './settings';
import type { Trunk, TrunkProxy } from './trunk';

const DEFAULT_EXPIRES_S = 600;

const paramsOf = (transport: TrunkTransport): Map<string, string> =>
  new Map(transport === 'udp' ? [] : [['transport', transport] as const]);

export const proxyUri = ({ host, transport }: TrunkProxy): string =>
  new SipUri({ scheme: 'sip', host, params: paramsOf(transport) }).toString();

export const numberUri = (number: string, { host, transport }: TrunkProxy): string =>
  new SipUri({ scheme: 'sip', user: escapeUser(number), host, params: paramsOf(transport) }).toString();

/** Where and as whom the trunk registers; undefined for one that does not. */
export const registrationTarget = ({ settings, proxies }: Trunk): RegistrationTarget | undefined => {
  const { registration, credentials } = settings;
  const [first] = proxies;
  const host = registration?.registrar ?? first?.host;
  if (!registration || host === undefined) return undefined;
  const user = registration.user ?? credentials?.username ?? '';
  const transport = first?.transport ?? settings.transport ?? 'udp';
  const parsed = parseUri(`sip:${host}`);
  const domain = registration.domain ?? (parsed.ok ? parsed.value.host : host);
  return {
    uri: new SipUri({ scheme: 'sip', host, params: paramsOf(transport) }).toString(),
    addressOfRecord: `<${new SipUri({ scheme: 'sip', user: escapeUser(user), host: domain }).toString()}>`,
    user,
    expiresS: registration.expiresS ?? DEFAULT_EXPIRES_S,
  };
};
