/** Small collections of settings, for administrators: listed as a whole, written and removed one by one. */
import { z } from 'zod';
import { settingId } from '../contract/routing';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Authenticated, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { Role } from '../contract/common';
import type { SettingsEditor } from '../ports';
import { ADMINISTRATORS } from './roles';

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
  /** Whether the list has this one for who asks; always when absent. */
  readonly isShown?: (id: string, auth: Authenticated) => boolean;
  /** Who reads them; administrators alone when absent. */
  readonly readers?: readonly Role[];
  /** More than so many are refused. */
  readonly limit: number;
}

/** Routes to list, put and remove the settings of one resource; every change is written to the audit. */
export const settingsRoutes = <Body extends z.ZodType>(
  trail: AuditTrail,
  resource: SettingsResource<Body>,
): Route[] => [listRoute(resource), putRoute(trail, resource), removeRoute(trail, resource)];

const asIs = <Value>(value: Value): Value => value;

const listRoute = <Body extends z.ZodType>({
  name,
  noun,
  body,
  editor,
  shown = asIs,
  isShown = () => true,
  readers = ADMINISTRATORS,
}: SettingsResource<Body>): Route =>
  sessionRoute({
    method: 'get',
    path: `/${name}`,
    summary: `Every ${noun}.`,
    roles: readers,
    replies: {
      200: {
        description: 'By id.',
        schema: z.object({ items: z.array(z.intersection(z.object({ id: z.string() }), body)) }),
      },
    },
    handle: async ({ auth }) => {
      const items = (await editor.list()).filter((item) => isShown(item.id, auth));
      return jsonReply({ items: items.map(({ id, value }) => ({ id, ...(shown(value) as object) })) });
    },
  });

const putRoute = <Body extends z.ZodType>(
  trail: AuditTrail,
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
      await auditChange(trail, { auth, request, what: `${name}/${params.id}`, change: 'put' });
      return jsonReply(shown(value));
    },
  });

const removeRoute = <Body extends z.ZodType>(
  trail: AuditTrail,
  { name, noun, id = settingId, editor }: SettingsResource<Body>,
): Route =>
  sessionRoute({
    method: 'delete',
    path: `/${name}/{id}`,
    summary: `Removes a ${noun}.`,
    roles: ADMINISTRATORS,
    params: z.strictObject({ id }),
    replies: {
      200: { description: 'It is gone.', schema: z.object({}) },
      404: { description: 'There was none.' },
      409: { description: 'Something else still uses it.' },
    },
    handle: async ({ params, auth, request }) => {
      const removable = editor.mayRemove?.(params.id);
      if (removable && !removable.ok) return faultReply(removable.fault);
      if (!(await editor.remove(params.id))) {
        return faultReply({ code: 'not_found', message: `There is no ${noun} ${params.id}.` });
      }
      await auditChange(trail, { auth, request, what: `${name}/${params.id}`, change: 'removed' });
      return jsonReply({});
    },
  });

type Change = Pick<Parameters<typeof writeDown>[1], 'auth' | 'request'> & {
  /** The setting, such as `call-rules/no-premium`. */
  readonly what: string;
  readonly change: 'put' | 'removed' | 'enabled' | 'disabled';
};

export const auditChange = (trail: AuditTrail, { auth, request, what, change }: Change): Promise<void> =>
  writeDown(trail, { auth, request, action: 'setting-changed', detail: { setting: what, change } });
