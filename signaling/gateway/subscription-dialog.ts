/** The dialog of a subscription, by its id at the SIP server: drachtio-srf could not be given one of another process. */
import type { NotifyOutcome, SubscriptionDialog } from '../subscriptions/notifier';
import { isSocketGone } from '../srf/srf-client';
import type { DialogKeeper, KeptDialog } from './dialog-keeper';
import type { ServerConnection } from './server-connection';

export interface SubscriptionDialogDeps {
  readonly connection: Pick<ServerConnection, 'srf' | 'onLost'>;
  readonly keeper: DialogKeeper;
}

/** A request within a dialog has its dialog's target for Request-URI, whatever we write. */
const PLACEHOLDER = 'sip:placeholder';

export class ServerSubscriptionDialog implements SubscriptionDialog, KeptDialog {
  /** Told of a server that has come back, and of one that has not. */
  onResumed: () => void = () => undefined;
  onLost: () => void = () => undefined;
  /** To be called when the subscription is over. */
  readonly forget: () => void;

  constructor(
    readonly id: string,
    readonly contact: string | undefined,
    private readonly deps: SubscriptionDialogDeps,
  ) {
    this.forget = deps.keeper.add(this);
  }

  get isUp(): boolean {
    return this.deps.keeper.isUp(this.id);
  }

  whenUp(): Promise<boolean> {
    return this.deps.keeper.whenUp(this.id);
  }

  resumed(): void {
    this.onResumed();
  }

  lost(): void {
    this.onLost();
  }

  notify(given: Readonly<Record<string, string>>, body: string): Promise<NotifyOutcome> {
    const { connection } = this.deps;
    const headers = this.contact === undefined ? given : { ...given, Contact: this.contact };
    return new Promise((resolve) => {
      const done = (outcome: NotifyOutcome): void => {
        forgetLoss();
        resolve(outcome);
      };
      const forgetLoss = connection.onLost(() => done('lost'));
      const options = { method: 'NOTIFY', stackDialogId: this.id, headers: { ...headers }, body };
      connection.srf.request(PLACEHOLDER, options, (error, request) => {
        if (!request) return done(isSocketGone(error) ? 'lost' : 408);
        request.on('response', (response) => {
          if (response.status >= 200) done(response.status);
        });
      });
    });
  }
}
