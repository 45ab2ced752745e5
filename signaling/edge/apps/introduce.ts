/**
 * The extension `app`: an app says its name, and is handed back the dialogs that it had before its connection, or this
 * process, was lost. What it does not know any more it ends itself.
 *
 * ```
 * app  ► {"name":"app"}
 * edge ► {"dialogs":["a84b4c76e66710@host;from-tag=1928301774"],"ended":[{"id":"…","by":"remote"}],
 *         "callers":[{"id":"…","hasEarlyMedia":false}]}, then what has arrived for them meanwhile
 * ```
 */
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';
import { deliver } from '../delivery';
import { abandon, acknowledgeOwed } from '../dialog/end-dialog';
import type { AppBelongings } from './words';

/** An app without a name that can be told from others is none. */
const NAME = /^[\w.-]{1,64}$/;

const nameIn = (input: unknown): string | undefined => {
  if (typeof input !== 'object' || input === null || !('name' in input)) return undefined;
  return typeof input.name === 'string' && NAME.test(input.name) ? input.name : undefined;
};

/** Errors: `bad_input` for a name that is none, `conflict` when the app has said another before. */
export const introduce = (core: EdgeCore, session: ControlSession, input: unknown): Result<unknown> => {
  const name = nameIn(input);
  if (name === undefined)
    return fail('bad_input', 'app wants {"name":"…"} of letters, digits, dot, hyphen and underscore');
  const before = core.owners.of(session);
  if (before.name !== undefined) return fail('conflict', `this connection is that of ${before.name} already`);
  const owner = core.owners.named(name);
  // The app itself knows best: a connection of its name that is still there is one that has not noticed its end.
  const stale = owner.session;
  const missed = owner.connect(session);
  // Before it takes over what has come by this connection, which it has seen.
  const callers = core.incoming.callsOf(owner).map(({ id, hasEarlyMedia }) => ({ id, hasEarlyMedia }));
  core.owners.bind(session, owner);
  if (stale) {
    core.log.warn({ app: name }, 'an app has come by a new connection; the old one is closed');
    stale.close();
  }
  for (const dialog of core.dialogs.ofOwner(before)) dialog.owner = owner;
  for (const pending of core.incoming.ofOwner(before)) pending.owner = owner;
  core.journal.app(name);
  core.journal.endsAreKnown(owner);
  const dialogs = core.dialogs.ofOwner(owner).filter((dialog) => dialog.state === 'confirmed');
  if (dialogs.length > 0) core.log.info({ app: name, count: dialogs.length }, 'an app has its calls back');
  // After the answer, so that the app knows its dialogs when it hears of them.
  queueMicrotask(() => {
    for (const delivery of missed.backlog) owner.deliver(delivery);
    for (const dialog of dialogs) void acknowledgeOwed(core, dialog);
  });
  return ok({ dialogs: dialogs.map((dialog) => dialog.id), ended: missed.ended, callers } satisfies AppBelongings);
};

/** Hands over once more the INVITEs of callers who wait for an answer of this app. Errors: `bad_input`. */
export const takeCallers = (core: EdgeCore, session: ControlSession, input: unknown): Result<unknown> => {
  const { ids } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  if (!Array.isArray(ids)) return fail('bad_input', 'take-callers wants {"ids":["…"]}');
  const wanted = new Set<unknown>(ids);
  const found = core.incoming.callsOf(core.owners.of(session)).filter(({ id }) => wanted.has(id));
  for (const { id, transaction, dialog } of found) {
    const { request: message, connection } = transaction;
    deliver(session, core.clock, { message, connection, transactionId: id, dialogId: dialog?.id ?? '' });
  }
  return ok({ taken: found.map(({ id }) => id) });
};

/** Ends dialogs of an app that does not know them any more. Errors: `bad_input`. */
export const endDialogs = (core: EdgeCore, session: ControlSession, input: unknown): Result<unknown> => {
  const { dialogs, reason } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  if (!Array.isArray(dialogs) || typeof reason !== 'string' || /[\r\n]/.test(reason)) {
    return fail('bad_input', 'end-dialogs wants {"dialogs":["…"],"reason":"…"}');
  }
  const owner = core.owners.of(session);
  const wanted = new Set<unknown>(dialogs);
  const found = core.dialogs.ofOwner(owner).filter(({ id, state }) => wanted.has(id) && state === 'confirmed');
  for (const dialog of found) void abandon(core, dialog, reason);
  return ok({ ended: found.length });
};
