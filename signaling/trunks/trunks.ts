/** The carriers: whose calls come in from where, and how a number goes out through one. */
import { SwitchroomError } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { SignalingSource } from '../ports';
import { escapeUser, SipUri } from '../sip/uri';
import { parseNetworks } from './cidr';

export interface TrunkSettings {
  readonly trunkId: string;
  readonly name: string;
  /** Addresses and networks (`192.0.2.0/24`) whose INVITEs are this carrier's. */
  readonly addresses: readonly string[];
  /** Where outgoing calls are sent, as host or host:port; without it the trunk only brings calls. */
  readonly proxy?: string | undefined;
  /** Default udp. */
  readonly transport?: 'udp' | 'tcp' | 'tls' | undefined;
  /** For carriers that challenge outgoing calls. */
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
}

/** What an INVITE through a trunk needs. */
export interface TrunkRoute {
  readonly uri: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

interface Trunk {
  readonly settings: TrunkSettings;
  readonly contains: (address: string) => boolean;
}

export class Trunks {
  private readonly trunks: readonly Trunk[];

  /** @throws SwitchroomError `bad_input` naming the trunk and the address that is none. */
  constructor(settings: readonly TrunkSettings[]) {
    this.trunks = settings.map((trunk) => {
      const networks = parseNetworks(trunk.addresses);
      if (!networks.ok) throw new SwitchroomError('bad_input', `trunk ${trunk.trunkId}: ${networks.fault.message}`);
      return { settings: trunk, contains: networks.value };
    });
  }

  /**
   * The trunk that a message comes from, by its address. WebSockets never are one: browsers come from anywhere, also
   * from where a carrier is.
   */
  identify(source: SignalingSource): TrunkSettings | undefined {
    if (source.protocol === 'ws' || source.protocol === 'wss') return undefined;
    return this.trunks.find((trunk) => trunk.contains(source.address))?.settings;
  }

  /** All addresses and networks whose requests are a carrier's. */
  get networks(): string[] {
    return this.trunks.flatMap(({ settings }) => settings.addresses);
  }

  /** The way to a number. Errors: `not_found` for an unknown trunk, `no_route` for one that only brings calls. */
  routeTo(trunkId: string, number: string): Result<TrunkRoute> {
    const trunk = this.trunks.find(({ settings }) => settings.trunkId === trunkId)?.settings;
    if (!trunk) return fail('not_found', `there is no trunk "${trunkId}"`);
    if (trunk.proxy === undefined) return fail('no_route', `the trunk "${trunkId}" has no proxy for outgoing calls`);
    if (number === '') return fail('bad_input', 'the number to call is empty');
    const transport = trunk.transport ?? 'udp';
    const params = new Map(transport === 'udp' ? [] : [['transport', transport] as const]);
    const uri = new SipUri({ scheme: 'sip', user: escapeUser(number), host: trunk.proxy, params });
    return ok({ uri: uri.toString(), credentials: trunk.credentials });
  }
}
