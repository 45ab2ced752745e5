/** Events typed by tuple. A listener's exception is reported and contained: it never reaches the emitter's caller. */
import type { Logger } from './log';

type Listener<Args extends unknown[]> = (...args: Args) => void;

interface Subscription<Name> {
  readonly name: Name;
  readonly listener: Listener<never>;
}

const NOBODY: readonly never[] = [];

export class TypedEmitter<Events extends { [Name in keyof Events]: unknown[] }> {
  /** Never changed but replaced, so that an emit goes on with those that were there when it began. */
  private listeners: readonly Subscription<keyof Events>[] = NOBODY;

  constructor(private readonly log: Logger) {}

  /** Subscribes; returns the function that unsubscribes. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const isSame = (one: Subscription<keyof Events>): boolean => one.name === name && one.listener === listener;
    if (!this.listeners.some(isSame)) this.listeners = [...this.listeners, { name, listener }];
    return () => void (this.listeners = this.listeners.filter((one) => !isSame(one)));
  }

  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const off = this.on(name, (...args) => {
      off();
      listener(...args);
    });
    return off;
  }

  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    for (const { name: heard, listener } of this.listeners) {
      if (heard !== name) continue;
      try {
        (listener as Listener<Events[Name]>)(...args);
      } catch (error) {
        this.log.error({ err: error, event: String(name) }, 'an event listener threw');
      }
    }
  }

  removeAll(): void {
    this.listeners = NOBODY;
  }
}
