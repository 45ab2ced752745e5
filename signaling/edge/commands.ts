/** Who performs which command of an app. Commands on one dialog are performed one after the other. */
import { unreachable } from '../../base/errors';
import { KeyedSerialQueue } from '../../base/serial-queue';
import { headerOf } from './control/app-message';
import type { RequestCommand, RequestInDialogCommand } from './control/command';
import type { AppCommand, ControlSession } from './control/session';
import type { EdgeCore } from './core';
import { respond } from './incoming/respond';
import { cancel } from './outgoing/cancel';
import { sendInDialog } from './outgoing/send-in-dialog';
import { sendRequest } from './outgoing/send-request';
import { proxy } from './proxy/proxy';

/** What an app may ask for: the requests of a method, or call records. */
const ROUTABLE = /^(?:[a-z]{3,16}|cdr:(?:attempt|start|stop))$/;

export class CommandRunner {
  private readonly queue = new KeyedSerialQueue<string>();

  constructor(private readonly core: EdgeCore) {}

  run(session: ControlSession, command: AppCommand): void {
    const { core } = this;
    switch (command.kind) {
      case 'route':
        if (!ROUTABLE.test(command.verb)) return session.refuse(command.id, 'Route request includes unsupported verb');
        core.control.addRoute(command.verb, session);
        session.confirm(command.id);
        return core.waitingRoom.open(command.verb);
      case 'remove_route':
        core.control.removeRoute(command.verb, session);
        return session.confirm(command.id);
      case 'respond':
        return respond(core, session, command);
      case 'proxy':
        return proxy(core, session, command);
      case 'cancel':
        return cancel(core, session, command);
      case 'extension':
        return this.inOrder(command.id, () => core.extensions.run(session, command));
      case 'request':
        return this.outsideDialog(session, command);
      case 'request_in_dialog':
        return this.inDialog(session, command);
      default:
        unreachable(command);
    }
  }

  /** As with drachtio-server a request with the Call-ID of a dialog of the app is one within that dialog. */
  private outsideDialog(session: ControlSession, command: RequestCommand): void {
    const callId = headerOf(command.message, 'call-id');
    const dialog = callId === undefined ? undefined : this.core.dialogs.findByCallId(callId);
    if (!dialog?.owner.isConnectedBy(session) || dialog.state !== 'confirmed') {
      return this.inOrder(command.id, () => sendRequest(this.core, session, command));
    }
    const { id, message } = command;
    this.inDialog(session, { kind: 'request_in_dialog', id, dialogId: dialog.id, message });
  }

  private inDialog(session: ControlSession, command: RequestInDialogCommand): void {
    const again = (): void => this.inDialog(session, command);
    this.inOrder(command.dialogId, () => sendInDialog(this.core, { session, again }, command));
  }

  private inOrder(key: string, task: () => Promise<void>): void {
    this.queue.run(key, task).catch((error: unknown) => {
      this.core.log.error({ err: error }, "an app's command failed");
    });
  }
}
