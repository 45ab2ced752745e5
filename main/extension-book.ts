/** Who has which extension, and whether they can be called: the directory of everybody who is signed in. */
import { unreachable } from '../base/errors';
import type { ExtensionReader } from '../api/ports';
import type { Center } from '../calls/center';
import type { Directory, DirectoryPhone } from '../calls/context';
import type { DeskAgent } from '../calls/ports';
import type { Registrar } from '../signaling/registrar/registrar';

export interface ExtensionBookDeps {
  readonly center: Pick<Center, 'extensionCalls'> & { readonly desks: Pick<Center['desks'], 'agents'> };
  readonly directory: Pick<Directory, 'phones'>;
  readonly registrar: Pick<Registrar, 'isRegistered'>;
}

type Entry = ReturnType<ExtensionReader['list']>[number];
type State = Entry['state'];
type Calls = ReturnType<Center['extensionCalls']>;

export const createExtensionBook = ({ center, directory, registrar }: ExtensionBookDeps): ExtensionReader => ({
  list: () => {
    const calls = center.extensionCalls();
    const agents = center.desks.agents().map((agent) => agentEntry(agent, calls));
    const phones = directory.phones().map((phone): Entry => {
      const idle = registrar.isRegistered(phone.extension) ? 'free' : 'offline';
      return phoneEntry(phone, inCall(calls, phone.extension) ?? idle);
    });
    return [...agents, ...phones].sort((a, b) => a.extension.localeCompare(b.extension, 'en', { numeric: true }));
  },
});

const agentEntry = (agent: DeskAgent, calls: Calls): Entry => {
  const { extension, displayName, displayNameZh } = agent;
  const state = inCall(calls, extension) ?? idleState(agent);
  return { kind: 'agent', extension, displayName, ...(displayNameZh === undefined ? {} : { displayNameZh }), state };
};

const phoneEntry = ({ extension, displayName, displayNameZh }: DirectoryPhone, state: State): Entry => ({
  kind: 'phone',
  extension,
  displayName,
  ...(displayNameZh === undefined ? {} : { displayNameZh }),
  state,
});

const inCall = (calls: Calls, extension: string): State | undefined => {
  const own = calls.get(extension) ?? [];
  if (own.some(({ state }) => state === 'confirmed')) return 'talking';
  return own.length > 0 ? 'ringing' : undefined;
};

/** Of an agent who is in no call that has begun to ring. */
const idleState = ({ state, deviceRegistered }: DeskAgent): State => {
  if (state !== 'signed-out' && !deviceRegistered) return 'offline';
  switch (state) {
    case 'signed-out':
      return 'offline';
    case 'ready':
      return 'free';
    case 'not-ready':
      return 'away';
    case 'offered':
      return 'ringing';
    case 'busy':
      return 'talking';
    case 'wrap-up':
      return 'busy';
    default:
      return unreachable(state);
  }
};
