/** Who performs which command of an app. Commands on one dialog are performed one after the other. */
import { unreachable } from '../../base/errors';
import { KeyedSerialQueue } from '../../base/serial-queue';
import type { AppCommand, ControlSession } from './control/session';
import type { EdgeCore } from './core';
import { respond } from './incoming/respond';
import { cancel } from './outgoing/cancel';
import { sendInDialog } from './outgoing/send-in-dialog';
import { sendRequest } from './outgoing/send-request';

export class CommandRunner {
  private readonly queue = new KeyedSerialQueue<string>();

  constructor(private readonly core: EdgeCore) {}

  run(session: ControlSession, command: AppCommand): void {
    const { core } = this;
    switch (command.kind) {
      case 'route':
        if (!/^[a-z]{3,16}$/.test(command.verb)) {
          // drachtio's `cdr:…` events are not sent by this server; asking for them is not an error.
          return session.confirm(command.id);
        }
        core.control.addRoute(command.verb, session);
        return session.confirm(command.id);
      case 'remove_route':
        core.control.removeRoute(command.verb, session);
        return session.confirm(command.id);
      case 'respond':
        return respond(core, session, command);
      case 'cancel':
        return cancel(core, session, command);
      case 'request':
        return this.inOrder(command.id, () => sendRequest(core, session, command));
      case 'request_in_dialog':
        return this.inOrder(command.dialogId, () => sendInDialog(core, session, command));
      default:
        unreachable(command);
    }
  }

  private inOrder(key: string, task: () => Promise<void>): void {
    this.queue.run(key, task).catch((error: unknown) => {
      this.core.log.error({ err: error }, "an app's command failed");
    });
  }
}
