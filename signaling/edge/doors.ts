/** The doors towards the network: a transport each, the ports that they are bound to, and what we are called there. */
import type { SocketAddress } from '../sip/connection';
import { whenBound } from './bind-error';
import type { EdgeOptions, EdgeTlsOptions } from './edge-options';
import { advertisedAddress, hostOf, InterfaceAddresses } from './transport/address';
import { Certificates } from './transport/certificates';
import type { TransportDependencies } from './transport/sink';
import { TcpTransport } from './transport/tcp';
import { UdpTransport } from './transport/udp';
import { WsTransport } from './transport/ws';

/** 0 where a door is not configured. */
export interface DoorPorts {
  readonly sip: number;
  readonly ws: number;
  readonly tls: number;
  readonly wss: number;
}

/** The supervisor chose these ports at the start and has the edge take them again after a restart. */
export const RESTART = 'end that program, or restart the product so that it takes another port';

interface SecureDoors {
  readonly certificates: Certificates;
  readonly tls: TcpTransport;
  readonly wss: WsTransport;
}

export class Doors {
  readonly udp: UdpTransport;
  readonly tcp: TcpTransport;
  private readonly ws: WsTransport;
  private readonly secure: SecureDoors | undefined;
  private readonly interfaces: InterfaceAddresses;
  private bound: DoorPorts = { sip: 0, ws: 0, tls: 0, wss: 0 };

  /** @throws SwitchroomError `bad_input` when the certificate cannot be used. */
  constructor(
    private readonly options: EdgeOptions,
    transport: TransportDependencies,
  ) {
    this.interfaces = new InterfaceAddresses(options.clock);
    if (options.tls) this.secure = this.secureDoors(options.tls, transport);
    const advertise = (peer: string): SocketAddress => this.advertise(peer);
    this.udp = new UdpTransport(transport, { bindAddress: options.bindAddress, advertise });
    this.tcp = new TcpTransport(transport, advertise);
    this.ws = new WsTransport(transport, advertise);
  }

  get ports(): DoorPorts {
    return this.bound;
  }

  /** Left out: TLS is not configured. */
  get tls(): TcpTransport | undefined {
    return this.secure?.tls;
  }

  get certificates(): Certificates | undefined {
    return this.secure?.certificates;
  }

  /** What a peer knows us as, on UDP and TCP. */
  advertise(peer: string): SocketAddress {
    const { bindAddress, publicAddress } = this.options;
    const { interfaces } = this;
    return { address: advertisedAddress(peer, { bindAddress, publicAddress, interfaces }), port: this.bound.sip };
  }

  /** Where SIP is spoken, as apps are told: `udp/192.0.2.1:5060,tcp/192.0.2.1:5060`. */
  get hostport(): string {
    const address = hostOf(this.advertise('0.0.0.0').address);
    const doors = ['udp', 'tcp'].map((protocol) => `${protocol}/${address}:${this.bound.sip}`);
    if (this.bound.tls !== 0) doors.push(`tls/${address}:${this.bound.tls}`);
    return doors.join(',');
  }

  /** @throws SwitchroomError naming protocol, address, port and cure when a port cannot be bound. */
  async listen(): Promise<void> {
    const { wsBindAddress = '127.0.0.1', wsPort } = this.options;
    this.bound = { ...this.bound, sip: await this.listenForSip() };
    const ws = await whenBound(
      { protocol: 'TCP', what: 'SIP over WebSocket', address: wsBindAddress, port: wsPort, cure: RESTART },
      this.ws.listen(wsBindAddress, wsPort),
    );
    this.bound = { ...this.bound, ws };
    if (this.secure && this.options.tls) await this.listenSecurely(this.secure, this.options.tls);
  }

  async close(): Promise<void> {
    this.secure?.certificates.close();
    const secure = this.secure ? [this.secure.tls.close(), this.secure.wss.close()] : [];
    await Promise.all([this.udp.close(), this.tcp.close(), this.ws.close(), ...secure]);
  }

  /** UDP and TCP share their port. Asked for any port, tries until one is free for both. */
  private async listenForSip(): Promise<number> {
    const { bindAddress, sipPort } = this.options;
    for (let triesLeft = sipPort === 0 ? 20 : 1; ;) {
      const wanted = { what: 'SIP', address: bindAddress, cure: 'set SIP_PORT (sipPort) to another' };
      const port = await whenBound(
        { ...wanted, protocol: 'TCP', port: sipPort },
        this.tcp.listen(bindAddress, sipPort),
      );
      try {
        return await whenBound({ ...wanted, protocol: 'UDP', port }, this.udp.listen(port));
      } catch (error) {
        triesLeft -= 1;
        if (triesLeft === 0) throw error;
        await this.tcp.close();
      }
    }
  }

  private async listenSecurely({ tls, wss }: SecureDoors, { port, wssPort }: EdgeTlsOptions): Promise<void> {
    const address = this.options.bindAddress;
    const tlsPort = await whenBound(
      { protocol: 'TCP', what: 'SIP over TLS', address, port, cure: 'set tls.sipPort to another' },
      tls.listen(address, port),
    );
    this.bound = { ...this.bound, tls: tlsPort };
    if (wssPort === undefined) return;
    const what = 'SIP over secure WebSocket';
    const cure = 'set tls.webSocketPort to another';
    const bound = await whenBound(
      { protocol: 'TCP', what, address, port: wssPort, cure },
      wss.listen(address, wssPort),
    );
    this.bound = { ...this.bound, wss: bound };
  }

  private secureDoors(options: EdgeTlsOptions, transport: TransportDependencies): SecureDoors {
    const certificates = new Certificates(options, this.options);
    const at =
      (door: 'tls' | 'wss') =>
      (peer: string): SocketAddress => ({ ...this.advertise(peer), port: this.bound[door] });
    return {
      certificates,
      tls: new TcpTransport(transport, at('tls'), certificates),
      wss: new WsTransport(transport, at('wss'), certificates),
    };
  }
}
