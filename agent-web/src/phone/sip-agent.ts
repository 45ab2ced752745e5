/** The browser's SIP user agent: registered over the WebSocket, connected and registered again when it is lost. */
import { Registerer, RegistererState, UserAgent, Web } from 'sip.js';
import type { Invitation, Session } from 'sip.js';
import type { SipAccount } from '../../../api/contract/rest';
import type { Clock, Timer } from '../../../base/clock';
import { backOffMs } from '../api/back-off';

/**
 *     connecting ──registered──► registered ──lost──► waiting ──delay──► connecting
 *
 * `refused`: the registrar does not accept the credentials; tried again like a lost connection.
 */
export type SipStatus =
  /** `again`: a connection was lost or has failed before. */
  | { readonly kind: 'connecting'; readonly again: boolean }
  | { readonly kind: 'registered' }
  | { readonly kind: 'waiting'; readonly retryAtMs: number; readonly refused: boolean }
  | { readonly kind: 'closed' };

interface SipAgentOptions {
  readonly account: SipAccount;
  readonly displayName: string;
  readonly clock: Clock;
  readonly chance: () => number;
  /** The track that a call sends; asked for once per call. */
  readonly trackFor: (session: Session) => MediaStreamTrack | undefined;
  /** What connections may use beside the direct way; asked for once per call. */
  readonly iceConfiguration: () => Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;
  readonly onInvitation: (invitation: Invitation) => void;
  readonly onStatus: (status: SipStatus) => void;
}

const REGISTRATION_SECONDS = 120;
/** Host candidates come at once; a slow interface must not delay the answer. */
const ICE_GATHERING_TIMEOUT_MS = 250;
const PEER_CONNECTION = { bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' } as const;
const REGISTRATION_TIMEOUT_MS = 8_000;

const webSocketUrl = (path: string): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;

export class SipAgent {
  private readonly userAgent: UserAgent;
  private registerer: Registerer;
  /** Whether a REGISTER is without its final answer. */
  private registering = false;
  private status: SipStatus = { kind: 'connecting', again: false };
  private timer: Timer | undefined;
  private failures = 0;

  /** @throws Error when the account's URI is not a SIP URI. */
  constructor(private readonly options: SipAgentOptions) {
    this.userAgent = this.createUserAgent();
    this.registerer = this.createRegisterer();
  }

  connect(): void {
    this.setStatus({ kind: 'connecting', again: this.failures > 0 });
    this.setTimer(this.options.clock.after(REGISTRATION_TIMEOUT_MS, () => this.retry(false)));
    this.userAgent
      .start()
      .then(() => (this.userAgent.isConnected() ? undefined : this.userAgent.reconnect()))
      .then(() => this.register())
      .catch(() => this.retry(false));
  }

  /** Connects at once instead of waiting for the back-off's end. */
  connectNow(): void {
    if (this.status.kind === 'waiting') this.connect();
  }

  /** Takes the registration back and leaves. Idempotent. */
  async close(): Promise<void> {
    if (this.status.kind === 'closed') return;
    this.setTimer(undefined);
    this.setStatus({ kind: 'closed' });
    await this.registerer.unregister().catch(() => undefined);
    await this.userAgent.stop().catch(() => undefined);
  }

  private createUserAgent(): UserAgent {
    const { account, displayName } = this.options;
    const uri = UserAgent.makeURI(account.uri);
    if (!uri) throw new Error(`The server names ${account.uri} as this browser's SIP address, which is none.`);
    return new UserAgent({
      uri,
      displayName,
      authorizationUsername: account.userName,
      authorizationPassword: account.password,
      transportOptions: { server: webSocketUrl(account.webSocketPath), traceSip: false, keepAliveInterval: 25 },
      // Reconnection is ours: with a growing delay, and with a new registration each time.
      reconnectionAttempts: 0,
      // The first provisional response is the 183 with the answer.
      sendInitialProvisionalResponse: false,
      noAnswerTimeout: 120,
      logBuiltinEnabled: false,
      // The server notices the closed WebSocket by itself.
      gracefulShutdown: false,
      sessionDescriptionHandlerFactory: (session, options) =>
        Web.defaultSessionDescriptionHandlerFactory(() => this.localMedia(session))(session, {
          ...options,
          peerConnectionConfiguration: { ...PEER_CONNECTION, ...this.options.iceConfiguration() },
        }),
      sessionDescriptionHandlerFactoryOptions: {
        iceGatheringTimeout: ICE_GATHERING_TIMEOUT_MS,
      },
      delegate: {
        onInvite: (invitation) => this.options.onInvitation(invitation),
        onDisconnect: () => this.retry(false),
      },
    });
  }

  private localMedia(session: Session): Promise<MediaStream> {
    const track = this.options.trackFor(session);
    return track ? Promise.resolve(new MediaStream([track])) : Promise.reject(new Error('The microphone is closed.'));
  }

  private createRegisterer(): Registerer {
    const registerer = new Registerer(this.userAgent, {
      expires: REGISTRATION_SECONDS,
      refreshFrequency: 80,
      logConfiguration: false,
    });
    // Later refreshes happen inside of sip.js; their failure shows itself as this state.
    registerer.stateChange.addListener((state) => {
      const isCurrent = registerer === this.registerer;
      if (isCurrent && state === RegistererState.Unregistered && this.status.kind === 'registered') this.retry(false);
    });
    return registerer;
  }

  private async register(): Promise<void> {
    // sip.js waits 32 s for the answer to a REGISTER that was lost with its connection, and sends no other meanwhile.
    if (this.registering) {
      void this.registerer.dispose().catch(() => undefined);
      this.registerer = this.createRegisterer();
    }
    this.registering = true;
    const { registerer } = this;
    const settled = (then: () => void): void => {
      if (registerer !== this.registerer) return;
      this.registering = false;
      then();
    };
    await registerer.register({
      requestDelegate: {
        onAccept: () => settled(() => this.registered()),
        onReject: () => settled(() => this.retry(true)),
      },
    });
  }

  private registered(): void {
    if (this.status.kind === 'closed') return;
    this.failures = 0;
    this.setTimer(undefined);
    this.setStatus({ kind: 'registered' });
  }

  private retry(refused: boolean): void {
    if (this.status.kind === 'closed' || this.status.kind === 'waiting') return;
    this.failures += 1;
    const { clock, chance } = this.options;
    const delayMs = backOffMs(this.failures, chance());
    this.setStatus({ kind: 'waiting', retryAtMs: clock.nowMs() + delayMs, refused });
    this.setTimer(clock.after(delayMs, () => this.connect()));
  }

  private setTimer(timer: Timer | undefined): void {
    this.timer?.cancel();
    this.timer = timer;
  }

  private setStatus(status: SipStatus): void {
    this.status = status;
    this.options.onStatus(status);
  }
}
