/** Who is registered from where (RFC 3261, 10): a user's contacts with their expiry. */
import type { Clock, Timer } from '../../base/clock';
import { isConnected } from '../gateway/source';
import type { SignalingSource } from '../ports';

export interface Binding {
  readonly contactUri: string;
  /** Preference from 0 to 1. */
  readonly q: number;
  readonly expiresAtMs: number;
  readonly callId: string;
  readonly cseq: number;
  /** `+sip.instance` (RFC 5626): the same device, whatever its Contact is called now. */
  readonly instance: string | undefined;
  readonly regId?: string | undefined;
  /** Route values through which the contact is reached (RFC 3327). */
  readonly path?: readonly string[] | undefined;
  readonly source: SignalingSource;
}

export type UnregisterReason = 'removed' | 'expired' | 'connection_closed';

export interface BindingEvents {
  /** A user's first contact was bound. */
  readonly onRegistered: (userName: string) => void;
  /** A user's last contact has gone. */
  readonly onUnregistered: (userName: string, reason: UnregisterReason) => void;
  /** A user's contacts are not what they were. */
  readonly onChanged: (userName: string) => void;
}

/** One name for one end of one connection. */
const sourceKey = (source: SignalingSource): string => `${source.protocol}/${source.address}/${source.port}`;

interface Held {
  readonly userName: string;
  readonly binding: Binding;
  readonly expiry: Timer;
}

export class Bindings {
  private readonly users = new Map<string, Held[]>();
  /** The newest last. Two lines of one phone, and all phones behind one proxy, share a source. */
  private readonly bySource = new Map<string, Held[]>();

  constructor(
    private readonly clock: Clock,
    private readonly events: BindingEvents,
  ) {}

  /** A user's contacts, the preferred first, then the latest. */
  of(userName: string): Binding[] {
    const held = (this.users.get(userName) ?? []).map(({ binding }) => binding);
    return held.sort((a, b) => b.q - a.q || b.expiresAtMs - a.expiresAtMs);
  }

  /** The user who has registered by this connection; of several the one whose registration is the newest. */
  userAt(source: SignalingSource): string | undefined {
    return this.bySource.get(sourceKey(source))?.at(-1)?.userName;
  }

  /** The addresses by which somebody is registered. */
  get sourceAddresses(): string[] {
    const held = [...this.users.values()].flat();
    return [...new Set(held.map(({ binding }) => binding.source.address))];
  }

  get registeredUsers(): string[] {
    return [...this.users.keys()];
  }

  /** Adds a contact in the place of the one with the same URI or instance. */
  bind(userName: string, binding: Binding): void {
    const before = this.users.get(userName) ?? [];
    const kept = before.filter((held) => !isSame(held.binding, binding));
    for (const held of before) if (!kept.includes(held)) this.release(held);
    const expiry = this.clock.after(binding.expiresAtMs - this.clock.nowMs(), () =>
      this.unbind(userName, 'expired', (other) => other === binding),
    );
    this.users.set(userName, [...kept, this.hold({ userName, binding, expiry })]);
    this.events.onChanged(userName);
    if (before.length === 0) this.events.onRegistered(userName);
  }

  /** Removes a user's contacts that match. */
  unbind(userName: string, reason: UnregisterReason, matches: (binding: Binding) => boolean): void {
    const before = this.users.get(userName) ?? [];
    const kept = before.filter((held) => !matches(held.binding));
    if (kept.length === before.length) return;
    for (const held of before) if (!kept.includes(held)) this.release(held);
    if (kept.length > 0) this.users.set(userName, kept);
    else this.users.delete(userName);
    this.events.onChanged(userName);
    if (kept.length > 0) return;
    this.events.onUnregistered(userName, reason);
  }

  /** Removes the contacts of a connection that has closed. */
  unbindSource(source: SignalingSource): void {
    const key = sourceKey(source);
    const users = new Set(this.bySource.get(key)?.map(({ userName }) => userName));
    for (const userName of users) {
      this.unbind(userName, 'connection_closed', (binding) => sourceKey(binding.source) === key);
    }
  }

  /** Removes the contacts of all connections, which have ended with the server that held them. */
  unbindConnected(): void {
    for (const userName of this.registeredUsers) {
      this.unbind(userName, 'connection_closed', (binding) => isConnected(binding.source));
    }
  }

  close(): void {
    for (const held of [...this.users.values()].flat()) held.expiry.cancel();
    this.users.clear();
    this.bySource.clear();
  }

  private hold(held: Held): Held {
    const key = sourceKey(held.binding.source);
    const there = this.bySource.get(key);
    if (there) there.push(held);
    else this.bySource.set(key, [held]);
    return held;
  }

  private release(held: Held): void {
    held.expiry.cancel();
    const key = sourceKey(held.binding.source);
    const left = (this.bySource.get(key) ?? []).filter((other) => other !== held);
    if (left.length > 0) this.bySource.set(key, left);
    else this.bySource.delete(key);
  }
}

/** RFC 5626, section 6: a device's binding replaces the one with its instance and reg-id, whatever its URI is now. */
const isSame = (a: Binding, b: Binding): boolean =>
  a.contactUri === b.contactUri || (a.instance !== undefined && a.instance === b.instance && a.regId === b.regId);
