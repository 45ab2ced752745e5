/** One trunk's settings, checked and made ready for use. */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { parseUri } from '../sip/uri';
import { parseNetworks } from './cidr';
import { checkHeaderRules } from './header-rules';
import type { NumberPlan } from './number-plan';
import { createNumberPlan } from './number-plan';
import type { HealthRules } from './proxy-health';
import type { ProxySettings, TrunkCodec, TrunkSettings, TrunkTransport } from './settings';

export interface TrunkProxy {
  readonly host: string;
  readonly transport: TrunkTransport;
  readonly priority: number;
  readonly weight: number;
}

export interface Trunk {
  readonly settings: TrunkSettings;
  readonly contains: (address: string) => boolean;
  readonly proxies: readonly TrunkProxy[];
  readonly numbers: NumberPlan;
  readonly codecs: readonly TrunkCodec[];
  readonly healthRules: HealthRules;
}

export const DEFAULT_CODECS: readonly TrunkCodec[] = ['PCMA', 'PCMU'];
export const DEFAULT_PROBE = { intervalS: 30, timeoutMs: 4_000, downAfter: 2, upAfter: 1 } as const;
const MAX_PROXIES = 16;

/** Errors: `bad_input` with a sentence that begins with the trunk and names the setting. */
export const compileTrunk = (settings: TrunkSettings): Result<Trunk> => {
  const problem = contradictionOf(settings);
  if (problem !== undefined) return refuse(settings, problem);
  const networks = parseNetworks(settings.addresses);
  if (!networks.ok) return refuse(settings, networks.fault.message);
  const rtpNetworks = parseNetworks(settings.rtpNetworks ?? []);
  if (!rtpNetworks.ok) return refuse(settings, `rtpNetworks: ${rtpNetworks.fault.message}`);
  const numbers = createNumberPlan(settings.numbers);
  if (!numbers.ok) return refuse(settings, numbers.fault.message);
  for (const rules of [settings.headersIn, settings.headersOut]) {
    const checked = checkHeaderRules(rules ?? []);
    if (!checked.ok) return refuse(settings, checked.fault.message);
  }
  const { intervalS, downAfter, upAfter } = { ...DEFAULT_PROBE, ...definedOnly(settings.probe ?? {}) };
  return ok({
    settings,
    contains: networks.value,
    proxies: proxiesOf(settings),
    numbers: numbers.value,
    codecs: settings.codecs ?? DEFAULT_CODECS,
    healthRules: { downAfter, upAfter, probed: intervalS > 0 },
  });
};

const refuse = ({ trunkId }: TrunkSettings, problem: string) => fail('bad_input', `trunk ${trunkId}: ${problem}`);

const definedOnly = <Options extends object>(options: Options): Partial<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Options>;

const proxiesOf = ({ proxy, transport, proxies = [] }: TrunkSettings): TrunkProxy[] => {
  const short: ProxySettings[] = proxy === undefined ? [] : [{ host: proxy, transport }];
  return [...short, ...proxies].map((one) => ({
    host: one.host,
    transport: one.transport ?? 'udp',
    priority: one.priority ?? 1,
    weight: one.weight ?? 1,
  }));
};

const contradictionOf = (settings: TrunkSettings): string | undefined => {
  const proxies = proxiesOf(settings);
  const badHost = [...proxies.map(({ host }) => host), settings.registration?.registrar].find(
    (host) => host !== undefined && !parseUri(`sip:${host}`).ok,
  );
  if (badHost !== undefined) return `"${badHost}" is no host or host:port`;
  if (proxies.length > MAX_PROXIES) return `there are more than ${MAX_PROXIES} proxies`;
  const names = proxies.map(({ host, transport }) => `${host} ${transport}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `the proxy ${twice} is named twice`;
  if (
    settings.srtp === 'required' &&
    settings.srtpKeys !== 'dtls' &&
    proxies.some(({ transport }) => transport !== 'tls')
  ) {
    return 'srtp is "required", but a proxy is not reached by tls, so that everybody on the way could read the keys';
  }
  if (settings.requireTls === true && proxies.some(({ transport }) => transport !== 'tls')) {
    return 'requireTls is set, but a proxy has another transport than tls';
  }
  if (settings.codecs?.length === 0) return 'codecs is empty; name one or leave it out';
  return contradictionOfAccounts(settings, proxies);
};

const contradictionOfAccounts = (
  { registration, credentials, callerIdPolicy, allowedCallerIds = [] }: TrunkSettings,
  proxies: readonly TrunkProxy[],
): string | undefined => {
  if (registration) {
    if (!credentials && registration.user === undefined) return 'registration needs credentials, or a user';
    if (registration.registrar === undefined && proxies.length === 0)
      return 'registration needs a registrar or a proxy';
  }
  if (callerIdPolicy === 'allowed' && allowedCallerIds.length === 0) {
    return 'callerIdPolicy is "allowed", but allowedCallerIds is empty';
  }
  return undefined;
};
