/** The extensions of the wire protocol by their names; each part of the edge that has one adds it here. */
import type { Result } from '../../base/result';
import { fail } from '../../base/result';
import type { ExtensionCommand } from './control/extension';
import type { ControlSession } from './control/session';

/** Does what an app asks. The value goes back to the app as JSON; a fault's message as the reason. */
export type Extension = (session: ControlSession, input: unknown) => Result<unknown> | Promise<Result<unknown>>;

export class Extensions {
  private readonly byName = new Map<string, Extension>();

  add(name: string, extension: Extension): void {
    this.byName.set(name, extension);
  }

  async run(session: ControlSession, command: ExtensionCommand): Promise<void> {
    const extension = this.byName.get(command.name);
    const done = extension
      ? await extension(session, command.input)
      : fail('unsupported', `unsupported extension ${command.name}`);
    if (done.ok) session.confirmWith(command.id, done.value);
    else session.refuse(command.id, done.fault.message);
  }
}
