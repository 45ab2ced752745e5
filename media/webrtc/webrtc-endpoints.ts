/** The factory of browser legs that the media process hands to the engine. */
import { createHash, randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { invariant, messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { EndpointNotice } from '../endpoint/endpoint';
import type { EndpointFactory, OpenedByFactory } from '../endpoint/factory';
import type { OpenEndpoint, OpenedEndpoint } from '../ports';
import { originOf } from '../sdp/local-origin';
import { readBrowserDescription } from '../sdp/read-webrtc';
import type { BrowserDescription } from '../sdp/webrtc-description';
import { OFFERED_NUMBERS, ROUTER_MID_EXTENSION_ID, numbersFor } from './router-codecs';
import { ToBrowser } from './to-browser';
import { OFFERED_MID, WebRtcEndpoint } from './webrtc-endpoint';
import type { WorkerHost } from './worker-host';
import { WorkerPool } from './worker-pool';

export interface WebRtcOptions {
  readonly bindAddress: string;
  /** What browsers see instead of the bind address, such as behind a NAT. */
  readonly publicAddress?: string | undefined;
  /** One number for UDP and TCP; without it a free one is taken. */
  readonly udpTcpPort?: number | undefined;
  /** Path of mediasoup's worker; without it mediasoup looks for its own. */
  readonly workerBin?: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface WebRtcEndpointFactory extends EndpointFactory {
  /** Process ids of the live mediasoup workers, for supervision. */
  readonly workerPids: readonly number[];
  /** Browser transports that the worker holds now; zero when every endpoint is closed. */
  transportCount(): Promise<number>;
}

/** ICE consent (RFC 7675) that stays away so long makes the leg "disconnected"; mediasoup takes no less. */
const ICE_CONSENT_TIMEOUT_S = 10;

/** Throws a SwitchroomError `unavailable` when mediasoup's worker does not start. */
export async function createWebRtcEndpoints(options: WebRtcOptions): Promise<WebRtcEndpointFactory> {
  const { bindAddress, workerBin, clock, log } = options;
  const pool = await WorkerPool.start({
    bindAddress,
    publicAddress: options.publicAddress ?? addressToAnnounce(bindAddress),
    port: options.udpTcpPort,
    workerBin,
    clock,
    log,
  });
  return new Factory(pool, options);
}

class Factory implements WebRtcEndpointFactory {
  /** All browsers share the worker's one UDP and one TCP port. */
  readonly portsInUse = 0;
  private lastSsrc = randomInt(1, 0x7fff_ffff);

  constructor(
    private readonly pool: WorkerPool,
    private readonly options: WebRtcOptions,
  ) {}

  get workerPids(): readonly number[] {
    return this.pool.pids;
  }

  async open(request: OpenEndpoint, notify: (notice: EndpointNotice) => void): Promise<Result<OpenedByFactory>> {
    const browser = request.offer === undefined ? undefined : readBrowserDescription(request.offer);
    if (browser && !browser.ok) return browser;
    const host = await this.pool.host();
    if (!host.ok) return host;
    try {
      const endpoint = await this.build({
        request,
        notify,
        host: host.value,
        browser: browser?.value,
      });
      return await this.finish(endpoint, browser?.value);
    } catch (error) {
      return fail('unavailable', `mediasoup cannot open a browser leg: ${messageOf(error)}`, error);
    }
  }

  async transportCount(): Promise<number> {
    const host = await this.pool.host();
    return host.ok ? host.value.transportCount() : 0;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async build(wanted: Wanted): Promise<WebRtcEndpoint> {
    const { request, notify, host, browser } = wanted;
    const { clock, log } = this.options;
    const numbers = browser ? numbersFor(browser.audio) : OFFERED_NUMBERS;
    const home = await host.routerFor(numbers);
    const transport = await home.router.createWebRtcTransport({
      webRtcServer: host.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: ICE_CONSENT_TIMEOUT_S,
    });
    try {
      const mid = midTowards(browser);
      const toBrowser = await ToBrowser.open({
        home,
        transport,
        clock,
        ssrc: this.nextSsrc(),
        numbers,
        codecs: request.codecs,
        mid,
      });
      const fingerprint = transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
      invariant(fingerprint, 'mediasoup has a sha-256 fingerprint');
      const continued = originOf(request.continues ?? '');
      const local = {
        sessionId: String(continued?.sessionId ?? randomInt(1, 0xffff_ffff)),
        version: (continued?.version ?? 0) + 1,
        ice: transport.iceParameters,
        candidates: transport.iceCandidates,
        fingerprint,
        ssrc: toBrowser.ssrc,
        cname: toBrowser.cname,
        streamId: createHash('sha256').update(request.endpointId).digest('hex').slice(0, 16),
      };
      return new WebRtcEndpoint({
        request,
        notify,
        host,
        home,
        transport,
        toBrowser,
        local,
        numbers,
        clock,
        log,
      });
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  private async finish(
    endpoint: WebRtcEndpoint,
    browser: BrowserDescription | undefined,
  ): Promise<Result<OpenedByFactory>> {
    const opened: Result<OpenedEndpoint> = browser ? await endpoint.answerOffer(browser) : ok(endpoint.makeOffer());
    if (opened.ok) return ok({ endpoint, opened: opened.value });
    endpoint.close();
    return opened;
  }

  /** Producers on one DirectTransport must differ in their SSRC. */
  private nextSsrc(): number {
    this.lastSsrc = (this.lastSsrc % 0xffff_fffe) + 1;
    return this.lastSsrc;
  }
}

interface Wanted {
  readonly request: OpenEndpoint;
  readonly notify: (notice: EndpointNotice) => void;
  readonly host: WorkerHost;
  readonly browser: BrowserDescription | undefined;
}

/** The MID that our packets bear: only where the browser gave its extension the number that mediasoup uses. */
function midTowards(browser: BrowserDescription | undefined): string | undefined {
  if (!browser) return OFFERED_MID;
  return browser.audio.midExtensionId === ROUTER_MID_EXTENSION_ID ? browser.audio.mid : undefined;
}

/** A candidate must not say "any address"; then the first IPv4 address that is not loopback is announced. */
function addressToAnnounce(bindAddress: string): string | undefined {
  if (bindAddress !== '0.0.0.0') return undefined;
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.find((entry) => entry.family === 'IPv4' && !entry.internal)?.address ?? '127.0.0.1';
}
