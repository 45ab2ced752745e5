/**
 * The app's side of SIP: {@link SignalingPort} on drachtio-srf, over the embedded edge or drachtio-server. Whatever is
 * foreign there becomes ours here, and `calls` never knows which server it is.
 */
import { Alarms } from '../base/alarms';
import type { Clock } from '../base/clock';
import { messageOf } from '../base/errors';
import type { Logger } from '../base/log';
import type { Result } from '../base/result';
import { ok } from '../base/result';
import type { AppBelongings } from './edge/apps/words';
import { CONNECTION_CLOSED_EVENT } from './edge/connection-closed-event';
import { TRACE } from './edge/trace/trace-extension';
import { STRANGER_EVENT } from './edge/strangers/policy';
import type { AdmissionDependencies } from './gateway/admission';
import { admit } from './gateway/admission';
import { Adoption } from './gateway/adoption';
import type { StrangerOptions } from './gateway/edge-policy';
import { EdgePolicy } from './gateway/edge-policy';
import { CallPlacer } from './gateway/call-placer';
import { failedCall } from './gateway/gateway-call';
import { DialogKeeper } from './gateway/dialog-keeper';
import { EarlyInvites } from './gateway/early-invites';
import type { DialogDependencies } from './gateway/gateway-dialog';
import { GatewayInvite, replacedBy } from './gateway/gateway-invite';
import { DialogBook } from './gateway/dialog-book';
import type { BanDesk } from './gateway/intruders';
import { createBanBook, knockingAlarm } from './gateway/intruders';
import { viewInvite } from './gateway/invite-view';
import { OwnRequests } from './gateway/own-requests';
import type { ServerAddress } from './gateway/server-connection';
import { ServerConnection } from './gateway/server-connection';
import { sourceOf } from './gateway/source';
import { SubscriptionDoor } from './gateway/subscription-door';
import type {
  IncomingInvite,
  OutgoingCall,
  OutgoingEvents,
  OutgoingRequest,
  SignalingPort,
  SipDialog,
  TracedSipMessage,
} from './ports';
import type { TrunkPlace } from './records';
import type { RegistrarOptions } from './registrar/registrar';
import { Registrar } from './registrar/registrar';
import type { GuardRecords } from './guard/ban-book';
import type { SrfRequest, SrfResponse } from './srf/srf-types';
import type { StateSource } from './subscriptions/extension-state';
import type { Notifier, SubscriptionRecords } from './subscriptions/notifier';
import type { IdentitySettings } from './trunks/identity-service';
import { IdentityService } from './trunks/identity-service';
import type { TrunkLine } from './trunks/trunk-line';
import type { TrunkPlan } from './trunks/trunks';
import { TrunkAlarms } from './trunks/trunk-alarms';
import { Trunks } from './trunks/trunks';

export interface GatewayOptions extends TrunkPlan {
  readonly server: ServerAddress;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registrar: Omit<RegistrarOptions, 'clock' | 'log' | 'guard'>;
  /** Services that sign and verify callers' identities. */
  readonly identity?: IdentitySettings | undefined;
  /** What the embedded edge does with strangers. Left out: it shows every request to us. */
  readonly strangers?: StrangerOptions | undefined;
  /** Where bans outlive us. Left out: they end with the gateway. */
  readonly guardRecords?: GuardRecords | undefined;
  /** Where subscriptions of phones outlive us. Left out: they end with the gateway. */
  readonly subscriptionRecords?: SubscriptionRecords | undefined;
  /** Left out: alarms only go to the log. */
  readonly alarms?: Alarms | undefined;
  /** Tells this app from others of the same SIP server, and is the same after a restart. Default `app`. */
  readonly appName?: string;
  /** How long calls wait for the embedded edge to come back. Default 10 s. */
  readonly serverGraceMs?: number;
}

export interface Gateway extends SignalingPort {
  /**
   * Resolves when the server has let us in; with `unauthenticated` when it refuses the secret, with `unavailable` when
   * it has not answered for 15 s. The gateway goes on trying then, until it is closed.
   */
  readonly ready: Promise<Result<void>>;
  readonly registrar: Registrar;
  /**
   * The SIP messages of these calls that are still remembered, oldest first. Errors: `unsupported` with
   * drachtio-server, which keeps none; `unavailable` without a server.
   */
  trace(callIds: readonly string[]): Promise<Result<readonly TracedSipMessage[]>>;
  /** Who may not sign in for now. */
  readonly bans: BanDesk;
  /** Takes subscriptions of phones from now on. @returns what tells them of changes. */
  serveSubscriptions(source: StateSource): Notifier;
  readonly trunks: Trunks;
}

/** Connects to the SIP server, and again whenever that is lost. @throws SwitchroomError for a malformed trunk. */
export const createGateway = (options: GatewayOptions): Gateway => new SrfGateway(options);

class SrfGateway implements Gateway {
  readonly registrar: Registrar;
  readonly bans: BanDesk;
  readonly trunks: Trunks;
  private readonly connection: ServerConnection;
  private readonly admission: AdmissionDependencies;
  private readonly dialogDeps: DialogDependencies;
  private readonly adoption: Adoption;
  private readonly keeper: DialogKeeper;
  private readonly policy: EdgePolicy;
  private readonly alarms: Alarms;
  private readonly identity: IdentityService;
  private readonly placer: CallPlacer;
  private readonly subscriptions: SubscriptionDoor;
  private readonly early: EarlyInvites;
  private incomingHandler: ((invite: IncomingInvite) => void) | undefined;

  constructor(options: GatewayOptions) {
    const { clock, log, server } = options;
    this.connection = new ServerConnection({ server, clock, log });
    this.trunks = new Trunks(options, {
      ...{ clock, log, random: Math.random },
      requester: new OwnRequests(this.connection, clock),
      registeredContact: (userName) => this.registrar.contactFor(userName),
      onAddressesChanged: () => this.policy.tellStrangers(),
    });
    this.alarms = options.alarms ?? new Alarms({ clock, log });
    new TrunkAlarms(this.trunks.events, {
      clock,
      alarms: this.alarms,
      exists: (id) => this.trunks.line(id) !== undefined,
    });
    const bans = createBanBook({
      clock,
      alarms: this.alarms,
      isExempt: (address) => this.trunks.knows(address),
      onSourcesChanged: () => this.policy.tellBans(),
      records: options.guardRecords,
    });
    this.bans = bans;
    const { credentialsFor } = options.registrar;
    this.registrar = new Registrar({
      ...options.registrar,
      ...{ clock, log, guard: bans },
      credentialsFor: (userName, realm) => credentialsFor(userName, realm) ?? this.trunks.ha1Of(userName, realm),
    });
    this.policy = new EdgePolicy({
      connection: this.connection,
      log,
      strangers: options.strangers && withTrunkAccounts(options.strangers, this.trunks),
      peers: () => [...this.trunks.networks, ...this.registrar.sourceAddresses],
      bans: () =>
        bans
          .list()
          .flatMap(({ network, kind, untilMs }) => (kind === 'source' && network ? [{ network, untilMs }] : [])),
    });
    this.identity = new IdentityService(options.identity ?? {}, clock);
    this.admission = { trunks: this.trunks, registrar: this.registrar, log };
    const { appName = 'app', serverGraceMs } = options;
    const grace = serverGraceMs === undefined ? {} : { graceMs: serverGraceMs };
    const takeOthers = (ids: readonly string[]): readonly string[] => this.subscriptions.takeBack(ids);
    const onStrange = (strange: AppBelongings | undefined): void => this.adoption.offer(strange);
    const keeping = { clock, log, appName, takeOthers, onStrange, ...grace };
    this.keeper = new DialogKeeper({ connection: this.connection, ...keeping });
    this.dialogDeps = { connection: this.connection, keeper: this.keeper, clock, log, book: new DialogBook() };
    this.adoption = new Adoption({ clock, log, dialogs: this.dialogDeps, trunks: this.trunks });
    const { trunks, registrar, identity, connection, keeper, dialogDeps: dialogs } = this;
    this.placer = new CallPlacer({ trunks, registrar, identity, dialogs });
    const { srf } = connection;
    const records = options.subscriptionRecords;
    this.subscriptions = new SubscriptionDoor({ registrar, connection, keeper, clock, log, records });
    this.early = new EarlyInvites(clock);
    this.connection.watch((connected) => {
      if (connected) return this.trunks.serverConnected();
      this.early.clear();
      this.registrar.serverLost();
    });
    srf.use((req, res, next) => this.onServerNotice(req, res, next));
    srf.use((req, res, next) => void (this.adoption.receive(req, res) || next()));
    srf.invite(this.contained((req, res) => this.onInvite(req, res)));
    srf.register(this.contained((req, res) => this.registrar.handle(req, res)));
    srf.subscribe(this.contained((req, res) => this.subscriptions.handle(req, res)));
    this.connection.open();
  }

  get ready(): Promise<Result<void>> {
    return this.connection.ready;
  }

  get connected(): boolean {
    return this.connection.connected;
  }

  onIncoming(handler: (invite: IncomingInvite) => void): void {
    this.incomingHandler = handler;
    this.early.release(this.contained((req, res) => this.onInvite(req, res)));
  }

  serveSubscriptions(source: StateSource): Notifier {
    return this.subscriptions.open(source);
  }

  onConnection(handler: (connected: boolean) => void): () => void {
    return this.connection.watch(handler);
  }

  placeCall(request: OutgoingRequest, events: OutgoingEvents = {}): OutgoingCall {
    if (!this.connected) return failedCall({ code: 'unavailable', message: 'the SIP server is not connected' });
    return this.placer.place(request, events);
  }

  adopt(record: unknown): Promise<Result<SipDialog>> {
    return this.adoption.adopt(record);
  }

  adoptInvite(record: unknown): Promise<Result<IncomingInvite>> {
    return this.adoption.adoptInvite(record);
  }

  adoptionDone(): void {
    this.adoption.done();
  }

  async trace(callIds: readonly string[]): Promise<Result<readonly TracedSipMessage[]>> {
    const answered = await this.connection.extend(TRACE, { callIds });
    if (!answered.ok) return answered;
    return ok((answered.value as { messages: readonly TracedSipMessage[] }).messages);
  }

  async close(): Promise<void> {
    await this.trunks.close();
    this.subscriptions.close();
    this.connection.close();
    this.adoption.close();
    this.early.clear();
    this.keeper.close();
    this.registrar.close();
  }

  private onInvite(req: SrfRequest, res: SrfResponse): void {
    if (this.adoption.receiveInvite(req, res)) return;
    const handler = this.incomingHandler;
    if (!handler) return this.early.add(req, res);
    const admitted = admit(this.admission, req, res);
    if (!admitted) return;
    const { origin, line } = admitted;
    const replaces = replacedBy(req, this.dialogDeps.book);
    if (typeof replaces === 'number') return res.send(replaces);
    const lease = line?.take('inbound');
    if (lease && !lease.granted) return res.send(503, { headers: { 'Retry-After': String(lease.retryAfterS) } });
    const view = viewInvite(req, line?.trunk);
    const invite = new GatewayInvite(
      { req, res, view, replaces, onOver: lease?.release, digest: line?.digest, place: line && placeIn(line) },
      origin,
      this.dialogDeps,
    );
    if (line?.trunk.settings.verifyIdentity === true) void this.verify(invite, handler);
    else handler(invite);
  }

  /** Hands the call on with what is known of its caller, unless that is a reason to refuse it. */
  private async verify(invite: GatewayInvite, handler: (invite: IncomingInvite) => void): Promise<void> {
    const { callId, from, to, headers } = invite;
    const verdict = await this.identity.verify(headers['identity'], { callId, orig: from.number, dest: to.number });
    invite.identity = verdict;
    const refusal = this.identity.refusalOf(verdict);
    if (!refusal) return handler(invite);
    this.dialogDeps.log.warn({ callId, from: from.number, verdict }, 'a caller’s identity was not accepted');
    invite.reject(refusal.status, refusal.reason);
  }

  /** What the embedded edge tells by itself; drachtio-server never does. */
  private onServerNotice(req: SrfRequest, _res: SrfResponse, next: () => void): void {
    const isNotice = req.source === 'application' && req.method === 'NOTIFY';
    const event = isNotice ? req.get('Event') : undefined;
    if (event === CONNECTION_CLOSED_EVENT) return this.registrar.connectionClosed(sourceOf(req));
    if (event !== STRANGER_EVENT) return next();
    const alarm = knockingAlarm(req.body ?? '');
    if (alarm) this.alarms.raise(alarm);
  }

  /** A handler that throws answers 500 and is logged; the next request finds everything in order. */
  private contained(handle: (req: SrfRequest, res: SrfResponse) => void): (...of: Parameters<typeof handle>) => void {
    return (req, res) => {
      try {
        handle(req, res);
      } catch (error) {
        this.dialogDeps.log.error({ err: error, method: req.method, reason: messageOf(error) }, 'a SIP handler threw');
        res.send(500);
      }
    };
  }
}

const placeIn = ({ trunk }: TrunkLine): TrunkPlace => ({
  trunkId: trunk.settings.trunkId,
  direction: 'inbound',
});

/** A trunk that proves who it is may come from anywhere. */
const withTrunkAccounts = (strangers: StrangerOptions, trunks: Trunks): StrangerOptions => ({
  refusal: strangers.refusal,
  get users() {
    return trunks.anyAccount ? ['0.0.0.0/0', '::/0'] : strangers.users;
  },
});
