/**
 * Callers of the app's former life who have no final answer: the SIP server hands their INVITEs over once more to be
 * adopted, in the transactions that they have, so that they notice nothing. Those that nobody adopts are served as new.
 */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { WaitingCaller } from '../edge/apps/words';
import { TAKE_CALLERS_EXTENSION } from '../edge/apps/words';
import type { IncomingInvite } from '../ports';
import { inviteRecordSchema } from '../records';
import type { InviteRecord } from '../records';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { Trunks } from '../trunks/trunks';
import type { DialogDependencies } from './gateway-dialog';
import { GatewayInvite } from './gateway-invite';
import { viewInvite } from './invite-view';

export interface CallerAdoptionDependencies {
  readonly dialogs: DialogDependencies;
  readonly trunks: Pick<Trunks, 'line'>;
}

/** The caller may send again what is refused for want of the app that has begun with it. */
const RETRY_AFTER_S = '2';

export class CallerAdoption {
  /** Those that nobody has adopted yet. */
  private readonly waiting = new Map<string, WaitingCaller>();
  /** Those whose INVITE is on its way here. */
  private readonly expected = new Map<string, (req: SrfRequest, res: SrfResponse) => void>();
  /** Those to be refused when their INVITE comes. */
  private readonly unwanted = new Set<string>();

  constructor(private readonly deps: CallerAdoptionDependencies) {}

  offer(callers: readonly WaitingCaller[]): void {
    this.waiting.clear();
    for (const caller of callers) this.waiting.set(caller.id, caller);
  }

  /** Errors: `bad_input` for what is no record of a caller, `not_found` when the server has the caller no more. */
  async adopt(given: unknown): Promise<Result<IncomingInvite>> {
    const parsed = inviteRecordSchema.safeParse(given);
    if (!parsed.success) return fail('bad_input', `this is no record of a caller: ${parsed.error.message}`);
    const record = parsed.data;
    const { id } = record;
    const gone = fail('not_found', `the caller of ${record.callId} waits no more`);
    if (!this.waiting.delete(id)) return gone;
    const arrived = new Promise<IncomingInvite>((resolve) => {
      this.expected.set(id, (req, res) => resolve(this.rebuild(record, req, res)));
    });
    const taken = await this.take([id]);
    if (taken.includes(id)) return ok(await arrived);
    this.expected.delete(id);
    return gone;
  }

  /** Takes an INVITE that the server hands over once more. @returns false for a new one. */
  receive(req: SrfRequest, res: SrfResponse): boolean {
    const id = req.stackTxnId;
    const adopt = this.expected.get(id);
    if (adopt) {
      this.expected.delete(id);
      adopt(req, res);
      return true;
    }
    if (!this.unwanted.delete(id)) return false;
    res.send(503, { headers: { 'Retry-After': RETRY_AFTER_S } });
    return true;
  }

  /** Nobody adopts any more: who is left is new. Who has heard another voice cannot be given one more description. */
  done(): void {
    const left = [...this.waiting.values()];
    this.waiting.clear();
    for (const { id, hasEarlyMedia } of left) if (hasEarlyMedia) this.unwanted.add(id);
    if (left.length > 0) void this.take(left.map(({ id }) => id));
  }

  private async take(ids: readonly string[]): Promise<readonly unknown[]> {
    const answer = await this.deps.dialogs.connection.extend(TAKE_CALLERS_EXTENSION, { ids });
    const { taken } = (answer.ok ? answer.value : {}) as { taken?: unknown };
    return Array.isArray(taken) ? taken : [];
  }

  private rebuild(record: InviteRecord, req: SrfRequest, res: SrfResponse): GatewayInvite {
    const { origin, replaces, identity } = record;
    const line = origin.kind === 'trunk' ? this.deps.trunks.line(origin.trunkId) : undefined;
    const place = line && ({ trunkId: line.trunk.settings.trunkId, direction: 'inbound' } as const);
    const lease = line?.hold('inbound');
    const view = viewInvite(req, line?.trunk);
    const request = { req, res, view, replaces, place, onOver: lease?.release, digest: line?.digest };
    const invite = new GatewayInvite(request, origin, this.deps.dialogs);
    invite.identity = identity;
    return invite;
  }
}
