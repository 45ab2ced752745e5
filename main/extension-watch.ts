/** Tells the phones that watch extensions: calls and agents from the center, registrations from the registrar. */
import type { Center } from '../calls/center';
import type { Directory } from '../calls/context';
import type { Gateway } from '../signaling/gateway';
import type { ExtensionState, StateSource } from '../signaling/subscriptions/extension-state';
import type { MessageBook } from './message-book';

export interface ExtensionWatchDeps {
  readonly gateway: Gateway;
  readonly center: Center;
  readonly directory: Directory;
  readonly messages: MessageBook;
}

export const watchExtensions = (deps: ExtensionWatchDeps): void => {
  const { gateway, center, directory, messages } = deps;
  const isReachable = (extension: string): boolean | undefined => {
    const found = directory.extension(extension);
    if (found?.kind === 'phone') return gateway.registrar.isRegistered(extension);
    if (found?.kind !== 'agent') return undefined;
    const agent = center.desks.agents().find(({ agentId }) => agentId === found.agent.agentId);
    return agent !== undefined && agent.state !== 'signed-out' && agent.deviceRegistered;
  };
  let calls: ReturnType<Center['extensionCalls']> | undefined;
  /** Thousands of keys are looked up in one go, and nothing changes meanwhile. */
  const callsNow = (): ReturnType<Center['extensionCalls']> => {
    if (!calls) queueMicrotask(() => (calls = undefined));
    return (calls ??= center.extensionCalls());
  };
  const source: StateSource = {
    stateOf: (extension): ExtensionState | undefined => {
      const reachable = isReachable(extension);
      return reachable === undefined ? undefined : { reachable, calls: callsNow().get(extension) ?? [] };
    },
    messagesOf: (extension) => (isReachable(extension) === undefined ? undefined : messages.of(extension)),
  };
  const notifier = gateway.serveSubscriptions(source);
  const changed = (): void => notifier.changed();
  // Whatever happens in a call is written down, and who writes says so.
  center.desks.onEvent(changed);
  center.onLines(changed);
  gateway.registrar.events.on('registered', changed);
  gateway.registrar.events.on('unregistered', changed);
  messages.onChanged = changed;
};
