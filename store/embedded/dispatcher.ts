/** From a request to its answer. */
import { serialize, type Document } from 'bson';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import { Arguments } from './commands/arguments';
import { COMMANDS } from './commands/registry';
import type { Engine } from './engine/engine';
import { CODES, CommandError } from './errors';
import type { Request } from './wire/message';

const encoded = (document: Document): Buffer => Buffer.from(serialize(document, { ignoreUndefined: true }));

const errorReply = (error: CommandError): Buffer =>
  encoded({ ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.details });

export interface DispatcherDependencies {
  engine: Engine;
  log: Logger;
}

/** Runs a command; every failure becomes an answer. */
export const dispatch = async (
  { engine, log }: DispatcherDependencies,
  request: Request,
  connectionId: number,
): Promise<Buffer> => {
  const args = new Arguments(request);
  const command = Object.hasOwn(COMMANDS, args.name) ? COMMANDS[args.name] : undefined;
  try {
    if (!command) throw new CommandError('CommandNotFound', `no such command: '${args.name}'`);
    const reply = await command(args, { engine, connectionId });
    return Buffer.isBuffer(reply) ? reply : encoded({ ...reply, ok: 1 });
  } catch (error) {
    if (error instanceof CommandError) return errorReply(error);
    log.error({ err: error, command: args.name, code: CODES.InternalError }, 'a command failed unexpectedly');
    return errorReply(new CommandError('InternalError', `${args.name} failed: ${messageOf(error)}`));
  }
};
