/**
 * Dialogs of the app's former life, which the SIP server has kept (`signaling/edge/apps`): they wait here until the app
 * adopts them. What their other sides send meanwhile waits with them, but for a BYE, which is always right.
 *
 * ```
 * open --adoptionDone, or a minute--> done (what is left is ended)
 * ```
 */
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { AppBelongings } from '../edge/apps/words';
import { END_DIALOGS_EXTENSION } from '../edge/apps/words';
import type { DialogEnd, IncomingInvite, SipDialog } from '../ports';
import type { DialogRecord } from '../records';
import { dialogRecordSchema } from '../records';
import { rebuildDialog } from '../srf/rebuild-dialog';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { Trunks } from '../trunks/trunks';
import { CallerAdoption } from './adopt-callers';
import { endOf } from './dialog-keeper';
import type { DialogDependencies } from './gateway-dialog';
import { GatewayDialog } from './gateway-dialog';
import { SessionInterval } from './session-interval';

/** The Reason of a BYE to whoever talked with an app that has died (RFC 3326). */
const FORGOTTEN = 'SIP;cause=480;text="Application restarted"';

/** An app that has adopted nothing by then has forgotten to say that it is done. */
const PATIENCE_MS = 60_000;

/** How long {@link Adoption.adopt} waits for the server. */
const SERVER_PATIENCE_MS = 15_000;

/** Requests that wait, of all dialogs together. */
const MAX_HELD = 1_000;

/** Of SUBSCRIBE others know the dialogs, of PRACK there is none to be adopted yet. */
const NOT_OURS = new Set(['SUBSCRIBE', 'PRACK']);

interface Held {
  readonly req: SrfRequest;
  readonly res: SrfResponse;
}

export interface AdoptionDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  readonly dialogs: DialogDependencies;
  readonly trunks: Pick<Trunks, 'line'>;
}

export class Adoption {
  /** Dialogs that the server has and nobody here; undefined before it has told. */
  private unclaimed: Set<string> | undefined;
  /** A server that cannot tell: every record is taken at its word. */
  private isMute = false;
  private readonly ended = new Map<string, DialogEnd>();
  private readonly held = new Map<string, Held[]>();
  private heldCount = 0;
  private readonly adopted: GatewayDialog[] = [];
  private readonly waiters = new Set<() => void>();
  private patience: Timer | undefined;
  private readonly callers: CallerAdoption;
  private isDone = false;

  constructor(private readonly deps: AdoptionDependencies) {
    this.callers = new CallerAdoption(deps);
  }

  /** The server is there. @param strange what nobody here knows; undefined when it cannot tell. */
  offer(strange: AppBelongings | undefined): void {
    this.isMute = strange === undefined;
    this.unclaimed = new Set(strange?.dialogs);
    for (const one of strange?.ended ?? []) {
      const end = endOf(one);
      if (end) this.ended.set(one.id, end);
    }
    this.callers.offer(strange?.callers ?? []);
    if (this.isDone) return this.settle();
    this.patience ??= this.deps.clock.after(PATIENCE_MS, () => this.done());
    for (const waiter of [...this.waiters]) waiter();
  }

  /** Errors: see {@link SignalingPort.adopt}. */
  async adopt(given: unknown): Promise<Result<SipDialog>> {
    const parsed = dialogRecordSchema.safeParse(given);
    if (!parsed.success) return fail('bad_input', `this is no record of a dialog: ${parsed.error.message}`);
    const record = parsed.data;
    if (this.isDone) return fail('closed', 'adoption is over');
    if (!(await this.serverThere())) return fail('unavailable', 'the SIP server is not connected');
    const end = this.ended.get(record.id);
    if (!end && !this.isMute && !this.unclaimed?.has(record.id)) {
      return fail('not_found', `the SIP server has no dialog ${record.id}`);
    }
    const dialog = this.rebuild(record);
    if (!dialog) return fail('conflict', `the dialog ${record.id} has been adopted before`);
    this.unclaimed?.delete(record.id);
    this.ended.delete(record.id);
    if (end) dialog.lost(end);
    return ok(dialog);
  }

  /** Errors: see {@link SignalingPort.adoptInvite}. */
  async adoptInvite(record: unknown): Promise<Result<IncomingInvite>> {
    if (this.isDone) return fail('closed', 'adoption is over');
    if (!(await this.serverThere())) return fail('unavailable', 'the SIP server is not connected');
    return this.callers.adopt(record);
  }

  /** Takes an INVITE of a caller who was here before. @returns false for a new one. */
  receiveInvite(req: SrfRequest, res: SrfResponse): boolean {
    return this.callers.receive(req, res);
  }

  /** Takes a request within a dialog that drachtio-srf does not know. @returns false for those that are not ours. */
  receive(req: SrfRequest, res: SrfResponse): boolean {
    const id = req.stackDialogId;
    if (id === undefined || id === '' || NOT_OURS.has(req.method) || !hasToTag(req)) return false;
    const isWaited = !this.isDone && (this.isMute || this.unclaimed?.has(id) !== false);
    if (req.method === 'BYE') {
      if (isWaited) this.noteBye(id, req);
      res.send(200);
    } else if (isWaited && this.heldCount < MAX_HELD) {
      this.held.set(id, [...(this.held.get(id) ?? []), { req, res }]);
      this.heldCount += 1;
    } else if (req.method !== 'ACK') {
      if (isWaited) res.send(500, { headers: { 'Retry-After': '2' } });
      else res.send(481);
    }
    return true;
  }

  /** Nothing more is adopted: what is left is ended. Idempotent. */
  done(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.patience?.cancel();
    for (const dialog of this.adopted.splice(0)) dialog.release();
    for (const { req, res } of [...this.held.values()].flat()) if (req.method !== 'ACK') res.send(481);
    this.held.clear();
    this.heldCount = 0;
    this.ended.clear();
    this.settle();
  }

  /** Gives up whoever waits. Ends nothing: the server keeps what is left. Idempotent. */
  close(): void {
    this.isDone = true;
    this.patience?.cancel();
    this.held.clear();
    this.unclaimed = undefined;
    for (const waiter of [...this.waiters]) waiter();
  }

  /** Ends what nobody has adopted. */
  private settle(): void {
    this.callers.done();
    const dialogs = [...(this.unclaimed ?? [])];
    this.unclaimed?.clear();
    if (dialogs.length === 0) return;
    this.deps.log.warn({ count: dialogs.length }, 'calls that nobody here knows any more are ended');
    void this.deps.dialogs.connection.extend(END_DIALOGS_EXTENSION, { dialogs, reason: FORGOTTEN });
  }

  private noteBye(id: string, bye: SrfRequest): void {
    const reason = bye.get('Reason');
    const isOwn = bye.source === 'application';
    const end = endOf({ id, by: isOwn ? 'failure' : 'remote', reason });
    if (end) this.ended.set(id, end);
    this.unclaimed?.delete(id);
    this.heldCount -= this.held.get(id)?.length ?? 0;
    this.held.delete(id);
  }

  private rebuild(record: DialogRecord): GatewayDialog | undefined {
    const { dialogs, trunks } = this.deps;
    const srf = rebuildDialog(dialogs.connection.srf, record);
    if (!srf) return undefined;
    const { party, place } = record;
    const line = place && trunks.line(place.trunkId);
    const far = { party, place, digest: line?.digest, session: new SessionInterval(record.session), isAdopted: true };
    const lease = place && line?.hold(place.direction);
    const dialog = new GatewayDialog(srf, { ...far, onOver: lease?.release }, dialogs);
    const held = this.held.get(record.id) ?? [];
    this.held.delete(record.id);
    this.heldCount -= held.length;
    for (const { req, res } of held) srf.handle(req, res);
    this.adopted.push(dialog);
    return dialog;
  }

  private async serverThere(): Promise<boolean> {
    const { clock, dialogs } = this.deps;
    const isThere = (): boolean => this.unclaimed !== undefined && dialogs.connection.connected;
    if (isThere()) return true;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        late.cancel();
        this.waiters.delete(settle);
        resolve();
      };
      const late = clock.after(SERVER_PATIENCE_MS, settle);
      this.waiters.add(settle);
    });
    return isThere();
  }
}

/** RFC 3261, section 12.2.2: a request with a tag in To is within a dialog. */
const hasToTag = (req: SrfRequest): boolean => /;\s*tag\s*=/i.test(req.get('To') ?? '');
