/** Small collections of settings, for administrators: listed as a whole, written and removed one by one. */
import { z } from 'zod';
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import type { Role } from '../contract/common';
import { settingId } from '../contract/routing';
import { addressOf } from '../http/client';
import type { Authenticated, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { AuditWriter, SettingsEditor } from '../ports';

export const ADMINISTRATORS: readonly Role[] = ['administrator'];

export interface SettingsRoutesOptions {
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly log: Logger;
}

interface SettingsResource<Body extends z.ZodType> {
  /** The path's first part, such as `call-rules`. */
  readonly name: string;
  /** For summaries, such as `call rule`. */
  readonly noun: string;
  /** What an id looks like; by default lower-case words. */
  readonly id?: z.ZodType<string>;
  readonly body: Body;
  readonly editor: SettingsEditor<z.output<Body>>;
  /** What the list and the reply show of a value that holds secrets. */
  readonly shown?: (value: z.output<Body>) => z.output<Body>;
  /** More than so many are refused. */
  readonly limit: number;
}

/** Routes to list, put and remove the settings of one resource; every change is written to the audit. */
export const settingsRoutes = <Body extends z.ZodType>(
  options: SettingsRoutesOptions,
  resource: SettingsResource<Body>,
): Route[] => [listRoute(resource), putRoute(options, resource), removeRoute(options, resource)];

const asIs = <Value>(value: Value): Value => value;

const listRoute = <Body extends z.ZodType>({ name, noun, body, editor, shown = asIs }: SettingsResource<Body>): Route =>
  sessionRoute({
    method: 'get',
    path: `/${name}`,
    summary: `Every ${noun}.`,
    roles: ADMINISTRATORS,
    replies: {
      200: {
        description: 'By id.',
        schema: z.object({ items: z.array(z.intersection(z.object({ id: z.string() }), body)) }),
      },
    },
    handle: async () => {
      const items = await editor.list();
      return jsonReply({ items: items.map(({ id, value }) => ({ id, ...(shown(value) as object) })) });
    },
  });

const putRoute = <Body extends z.ZodType>(
  options: SettingsRoutesOptions,
  { name, noun, id = settingId, body, editor, limit, shown = asIs }: SettingsResource<Body>,
): Route =>
  sessionRoute({
    method: 'put',
    path: `/${name}/{id}`,
    summary: `Adds or replaces a ${noun}; it counts from the next call on.`,
    roles: ADMINISTRATORS,
    params: z.strictObject({ id }),
    body,
    replies: { 200: { description: `The ${noun} as it is kept.`, schema: body }, 409: { description: 'Too many.' } },
    handle: async ({ params, body: value, auth, request }) => {
      const present = await editor.list();
      if (present.length >= limit && !present.some((other) => other.id === params.id)) {
        return faultReply({ code: 'conflict', message: `There are ${limit} of these already; remove one first.` });
      }
      const saved = await editor.put(params.id, value);
      if (!saved.ok) return faultReply(saved.fault);
      await auditChange(options, { auth, address: addressOf(request), what: `${name}/${params.id}`, change: 'put' });
      return jsonReply(shown(value));
    },
  });

const removeRoute = <Body extends z.ZodType>(
  options: SettingsRoutesOptions,
  { name, noun, id = settingId, editor }: SettingsResource<Body>,
): Route =>
  sessionRoute({
    method: 'delete',
    path: `/${name}/{id}`,
    summary: `Removes a ${noun}.`,
    roles: ADMINISTRATORS,
    params: z.strictObject({ id }),
    replies: { 200: { description: 'It is gone.', schema: z.object({}) }, 404: { description: 'There was none.' } },
    handle: async ({ params, auth, request }) => {
      if (!(await editor.remove(params.id))) {
        return faultReply({ code: 'not_found', message: `There is no ${noun} ${params.id}.` });
      }
      await auditChange(options, {
        auth,
        address: addressOf(request),
        what: `${name}/${params.id}`,
        change: 'removed',
      });
      return jsonReply({});
    },
  });

/** A change that was made is not taken back when it cannot be written down. */
export const auditChange = async (
  { audit, clock, log }: SettingsRoutesOptions,
  change: { auth: Authenticated; address: string; what: string; change: 'put' | 'removed' | 'enabled' | 'disabled' },
): Promise<void> => {
  const { user } = change.auth.session;
  try {
    await audit.write({
      atMs: clock.nowMs(),
      action: 'setting-changed',
      userName: user.userName,
      userId: user.userId,
      address: change.address,
      detail: { setting: change.what, change: change.change },
    });
  } catch (error) {
    log.error({ reason: messageOf(error), setting: change.what }, 'a change of a setting could not be audited');
  }
};
