/** Opens {@link RtpEndpoint}s on the ports of one range. */
import { isIP } from 'node:net';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import { createCertificate } from '../dtls/certificate';
import type { DtlsCertificate } from '../dtls/certificate';
import type { OpenEndpoint } from '../ports';
import { PortAllocator } from '../rtp/port-allocator';
import type { PortRange } from '../rtp/port-allocator';
import { announcedAddress } from './announced-address';
import type { EndpointNotice } from './endpoint';
import type { EndpointFactory, OpenedByFactory } from './factory';
import { sourceNetworks } from './rtp/source-networks';
import { bindUdpPair } from './rtp/udp-pair';
import { RtpEndpoint } from './rtp-endpoint';

const DEFAULT_MEDIA_TIMEOUT_MS = 60_000;

export interface RtpEndpointFactoryOptions {
  readonly bindAddress: string;
  /** The address in our SDP, where it differs from the one that is bound. */
  readonly publicAddress?: string | undefined;
  readonly rtpPorts: PortRange;
  /** Silence that ends an endpoint. Default 60 s. */
  readonly mediaTimeoutMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export class RtpEndpointFactory implements EndpointFactory {
  private readonly ports: PortAllocator;
  /** One for all legs; its key never leaves the process. */
  private readonly certificate: DtlsCertificate;

  /** Throws a RangeError when the range of ports holds no pair. */
  constructor(private readonly options: RtpEndpointFactoryOptions) {
    this.ports = new PortAllocator(options.rtpPorts);
    this.certificate = createCertificate(options.clock.nowMs());
  }

  get portsInUse(): number {
    return this.ports.inUse * 2;
  }

  async open(request: OpenEndpoint, notify: (notice: EndpointNotice) => void): Promise<Result<OpenedByFactory>> {
    const { bindAddress, publicAddress, clock, log } = this.options;
    const { endpointId, codecs, offer, srtp = 'optional', srtpKeys = 'any', dtmf = 'rfc4733', continues } = request;
    const mediaTimeoutMs = request.mediaTimeoutMs ?? this.options.mediaTimeoutMs ?? DEFAULT_MEDIA_TIMEOUT_MS;
    const mayBeIn = sourceNetworks(request.rtpSources);
    if (!mayBeIn.ok) return mayBeIn;
    const address = addressFor(bindAddress, offer);
    const sockets = await bindUdpPair({
      address,
      ports: this.ports,
      onError: (err) => log.debug({ err, endpointId }, 'an RTP socket reported an error'),
    });
    if (!sockets.ok) return sockets;
    const endpoint = new RtpEndpoint({
      id: endpointId,
      sockets: sockets.value,
      advertisedAddress:
        publicAddress && isIP(publicAddress) === isIP(address) ? publicAddress : announcedAddress(address),
      codecs,
      srtp,
      srtpKeys,
      certificate: this.certificate,
      mayBeIn: mayBeIn.value,
      dtmf,
      continues,
      mediaTimeoutMs,
      clock,
      log,
      notify,
    });
    const opened = offer === undefined ? ok(endpoint.offer()) : endpoint.answer(offer);
    if (opened.ok) return ok({ endpoint, opened: opened.value });
    endpoint.close();
    return opened;
  }

  async close(): Promise<void> {
    // Ports belong to endpoints, which their owner closes; the factory itself holds nothing.
  }
}

/** Bound to every address, each leg is of the family of its offer; ours are of IPv4, which everybody has. */
const addressFor = (bindAddress: string, offer: string | undefined): string =>
  bindAddress === '::' && !/^c=IN IP6 /m.test(offer ?? '') ? '0.0.0.0' : bindAddress;
