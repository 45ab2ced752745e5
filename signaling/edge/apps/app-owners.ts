/** The apps, by their connections and by the names that they have said. */
import type { ControlSession } from '../control/session';
import { AppOwner } from './app-owner';

export class AppOwners {
  private readonly bySession = new WeakMap<ControlSession, AppOwner>();
  private readonly byName = new Map<string, AppOwner>();

  /** The app behind a connection. */
  of(session: ControlSession): AppOwner {
    const known = this.bySession.get(session);
    if (known) return known;
    const owner = new AppOwner(undefined, session);
    this.bySession.set(session, owner);
    return owner;
  }

  /** An app by its name; one that has not been here is expected. */
  named(name: string): AppOwner {
    const known = this.byName.get(name);
    if (known) return known;
    const owner = new AppOwner(name);
    this.byName.set(name, owner);
    return owner;
  }

  /** From now on this connection is that app's. */
  bind(session: ControlSession, owner: AppOwner): void {
    this.bySession.set(session, owner);
  }

  get names(): readonly string[] {
    return [...this.byName.keys()];
  }

  /** Whether an app that was here is expected back. */
  get anyAwaited(): boolean {
    return [...this.byName.values()].some((owner) => owner.awaited);
  }

  forget(owner: AppOwner): void {
    if (owner.name !== undefined && this.byName.get(owner.name) === owner) this.byName.delete(owner.name);
  }
}
