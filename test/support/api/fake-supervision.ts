/** Supervision without calls behind it: it remembers who supervises and what it was told. */
import { asId } from '../../../base/ids';
import type { CallId, SupervisionId, UserId } from '../../../base/ids';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { Supervision, SupervisionOrder, SupervisionView, TeamCall } from '../../../calls/supervision-ports';

export class FakeSupervision implements Supervision {
  readonly orders: SupervisionOrder[] = [];
  readonly taken: string[] = [];
  calls: TeamCall[] = [];
  private views: SupervisionView[] = [];

  begin(order: SupervisionOrder): Promise<Result<SupervisionView>> {
    this.orders.push(order);
    const { by, target, mode, device } = order;
    if (target.kind === 'call' && target.callId === asId<CallId>('gone')) {
      return Promise.resolve(fail('not_found', 'This call is over.'));
    }
    const view: SupervisionView = {
      supervisionId: asId<SupervisionId>(`supervision-${this.orders.length}`),
      userId: by.userId,
      displayName: by.displayName,
      state: 'ringing',
      mode,
      device,
      ...(target.kind === 'call' ? { callId: target.callId } : { follows: target.agentId }),
    };
    this.views.push(view);
    return Promise.resolve(ok(view));
  }

  changeMode(id: SupervisionId, by: UserId, mode: SupervisionView['mode']): Promise<Result<SupervisionView>> {
    const found = this.own(id, by);
    if (!found.ok) return Promise.resolve(found);
    const changed = { ...found.value, mode };
    this.views = this.views.map((view) => (view.supervisionId === id ? changed : view));
    return Promise.resolve(ok(changed));
  }

  intercept(id: SupervisionId, by: UserId): Promise<Result<void>> {
    const found = this.own(id, by);
    if (found.ok) this.taken.push(id);
    return Promise.resolve(found.ok ? ok(undefined) : found);
  }

  leave(id: SupervisionId, by: UserId): Promise<Result<void>> {
    const found = this.own(id, by);
    this.views = this.views.filter((view) => view !== (found.ok ? found.value : undefined));
    return Promise.resolve(found.ok ? ok(undefined) : found);
  }

  list(): SupervisionView[] {
    return this.views;
  }

  teamCalls(): TeamCall[] {
    return this.calls;
  }

  private own(id: SupervisionId, by: UserId): Result<SupervisionView> {
    const found = this.views.find(({ supervisionId, userId }) => supervisionId === id && userId === by);
    return found ? ok(found) : fail('not_found', 'You have no such supervision, or it is over.');
  }
}
