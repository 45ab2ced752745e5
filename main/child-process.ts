/** The child's side of a supervised process: start when told, report ready, end when told or orphaned. */
import { messageOf, SwitchroomError } from '../base/errors';
import { createLogger } from '../base/log';
import type { Logger } from '../base/log';
import type { FromChild, Role, Roles, ToChild } from './child-messages';

export interface Running<Info> {
  readonly info: Info;
  close(): Promise<void>;
}

export interface StartTools<Name extends Role> {
  readonly log: Logger;
  tell(message: FromChild<Name>): void;
  /** Ends the process in good order; the supervisor starts another one unless it stops as well. */
  end(why: string): void;
}

type Start<Name extends Role> = (
  config: Roles[Name]['start'],
  tools: StartTools<Name>,
) => Promise<Running<Roles[Name]['ready']>>;

/** Exit code of a process that refused to start. At the product's start that ends it; later it is tried again. */
export const REFUSED_EXIT_CODE = 78;

export const runChild = <Name extends Role>(role: Name, start: Start<Name>): void => {
  let running: Promise<Running<Roles[Name]['ready']>> | undefined;
  let log = createLogger(role);

  const stop = async (why: string): Promise<void> => {
    log.debug({ why }, 'stopping');
    const current = await running?.catch(() => undefined);
    await current?.close();
    // A refusal has set its code already.
    process.exit();
  };

  // Ctrl-C and service managers signal the whole process group; the order in which parts end is the supervisor's.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => void stop('the supervisor is gone'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an exception nobody caught');
    process.exit(1);
  });
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'a rejection nobody handled');
  });

  process.on('message', (message: ToChild<Name>) => {
    if (message.type === 'stop') {
      void stop('told to');
      return;
    }
    log = createLogger(role, message.config.logLevel);
    running = start(message.config, { log, tell: send<Name>, end: (why) => void stop(why) });
    running.then(
      ({ info }) => send<Name>({ type: 'ready', info }),
      (error: unknown) => {
        // What is wrong is said in the refusal; only a bug needs its stack.
        if (!(error instanceof SwitchroomError)) log.error({ err: error }, 'cannot start');
        send<Name>({ type: 'refused', reason: messageOf(error) });
        process.exitCode = REFUSED_EXIT_CODE;
        process.disconnect();
      },
    );
  });
};

const send = <Name extends Role>(message: FromChild<Name>): void => {
  process.send?.(message);
};
