/** The app of the registrations: the product's gateway with its registrar, and accounts that follow from their names. */
import { systemClock } from '../../../../base/clock';
import { createLogger } from '../../../../base/log';
import { createGateway } from '../../../../signaling/gateway';
import type { Gateway } from '../../../../signaling/gateway';
import type { ServerAddress } from '../../../../signaling/gateway/server-connection';
import type { Ha1ByAlgorithm } from '../../../../signaling/registrar/authenticator';
import { computeHa1, DIGEST_ALGORITHMS } from '../../../../signaling/sip/digest';

/** The word of the command line that makes a benchmark's program be this app. */
export const REGISTRAR_ROLE = 'registrar-app';

export const REALM = 'bench';

/** How many users are registered. */
export const HOW_MANY = 'how-many';

export interface RegistrarAppConfig extends ServerAddress {
  readonly users: number;
}

export const userName = (index: number): string => `phone${index}`;
export const passwordOf = (user: string): string => `secret-of-${user}`;

/** Runs in a process of its own, as `NodeChild` starts it; ends when told, or when its parent has gone. */
export const runRegistrarApp = (): void => {
  let gateway: Gateway | undefined;
  process.on('disconnect', () => process.exit());
  process.on(
    'message',
    (message: { type: 'start'; config: RegistrarAppConfig } | { type: 'stop' | typeof HOW_MANY }) => {
      if (message.type === 'stop') process.exit();
      if (message.type === 'start') gateway = start(message.config);
      else process.send?.({ type: `${HOW_MANY}-answer`, answer: gateway?.registrar.registeredUsers.length ?? 0 });
    },
  );
};

const start = ({ host, port, secret, users }: RegistrarAppConfig): Gateway => {
  const accounts = new Map(Array.from({ length: users }, (_, index) => [userName(index), ha1Of(userName(index))]));
  const gateway = createGateway({
    server: { host, port, secret },
    clock: systemClock,
    log: createLogger('app', 'warn'),
    trunks: [],
    registrar: { realm: REALM, credentialsFor: (user) => accounts.get(user) },
  });
  void gateway.ready.then((ready) =>
    process.send?.(ready.ok ? { type: 'ready' } : { type: 'refused', reason: ready.fault.message }),
  );
  return gateway;
};

const ha1Of = (user: string): Ha1ByAlgorithm => {
  const account = { user, realm: REALM, password: passwordOf(user) };
  const entries = DIGEST_ALGORITHMS.map((algorithm) => [algorithm, computeHa1({ ...account, algorithm })]);
  return Object.fromEntries(entries) as Ha1ByAlgorithm;
};
