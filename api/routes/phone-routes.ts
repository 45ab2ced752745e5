/** Desk phones and extensions, for administrators. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { QueueId, TrunkId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { ExtensionGoal } from '../../store/phones';
import {
  extensionPatternSchema,
  extensionRuleListSchema,
  extensionRuleSchema,
  extensionSchema,
  messageCountsSchema,
  newPhoneSchema,
  phoneAccountSchema,
  phoneListSchema,
  phoneSettingsSchema,
  phoneViewSchema,
} from '../contract/phones';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Reply, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { AuditAction, PhoneAdministration } from '../ports';
import { ADMINISTRATORS, LEADERS } from './roles';

export interface PhoneRoutesOptions extends AuditTrail {
  readonly phones: PhoneAdministration;
}

const extensionParams = z.strictObject({ extension: extensionSchema });
const patternParams = z.strictObject({ pattern: extensionPatternSchema });
const doneSchema = z.object({ done: z.literal(true) });
const DONE = { 200: { description: 'Done.', schema: doneSchema } };
const NO_PHONE = { 404: { description: 'There is no such phone.' } };

type Changed = Pick<Parameters<typeof writeDown>[1], 'auth' | 'request'> & {
  readonly action: Extract<AuditAction, 'phone-changed' | 'extension-changed'>;
  readonly what: string;
};

/** Writes a change down that has been made. */
const note = (trail: AuditTrail, { auth, request, action, what }: Changed): Promise<void> =>
  writeDown(trail, { auth, request, action, detail: { what } });

const account = (extension: string, { password }: { password: string }) => ({
  extension,
  userName: extension,
  password,
});

const addPhone = (options: PhoneRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/phones',
    summary: 'Adds a desk phone. The reply is the only one that tells its password.',
    roles: ADMINISTRATORS,
    body: newPhoneSchema,
    replies: {
      201: { description: 'The account that the phone is set up with.', schema: phoneAccountSchema },
      409: { description: 'The extension is taken.' },
    },
    async handle({ body, auth, request }) {
      const { extension, ...settings } = body;
      const added = await options.phones.add(extension, settings);
      if (!added.ok) return faultReply(added.fault);
      await note(options, { auth, request, action: 'phone-changed', what: `${extension} added` });
      return jsonReply(account(extension, added.value), 201);
    },
  });

const renewPassword = (options: PhoneRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/phones/{extension}/password',
    summary: 'Gives a phone a new random password. It must register again with it.',
    roles: ADMINISTRATORS,
    params: extensionParams,
    replies: { 200: { description: 'The new account.', schema: phoneAccountSchema }, ...NO_PHONE },
    async handle({ params, auth, request }) {
      const { extension } = params;
      const renewed = await options.phones.renewPassword(extension);
      if (!renewed.ok) return faultReply(renewed.fault);
      await note(options, { auth, request, action: 'phone-changed', what: `${extension} password` });
      return jsonReply(account(extension, renewed.value));
    },
  });

/** The reply to a change, which is written down when it was made. */
const afterChange = async (options: PhoneRoutesOptions, result: Result<void>, changed: Changed): Promise<Reply> => {
  if (!result.ok) return faultReply(result.fault);
  await note(options, changed);
  return jsonReply({ done: true });
};

const phoneRoutesOf = (options: PhoneRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/phones',
    summary: 'All desk phones, and where they are registered from.',
    roles: LEADERS,
    replies: { 200: { description: 'The phones.', schema: phoneListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: options.phones.phones() })),
  }),
  sessionRoute({
    method: 'get',
    path: '/phones/{extension}',
    summary: 'One desk phone.',
    roles: LEADERS,
    params: extensionParams,
    replies: { 200: { description: 'The phone.', schema: phoneViewSchema }, ...NO_PHONE },
    handle: ({ params }) => {
      const phone = options.phones.phone(params.extension);
      const message = `There is no phone ${params.extension}.`;
      return Promise.resolve(phone ? jsonReply(phone) : faultReply({ code: 'not_found', message }));
    },
  }),
  addPhone(options),
  sessionRoute({
    method: 'put',
    path: '/phones/{extension}',
    summary: 'Changes the names and permissions of a phone.',
    roles: ADMINISTRATORS,
    params: extensionParams,
    body: phoneSettingsSchema,
    replies: { ...DONE, ...NO_PHONE },
    handle: async ({ params, body, auth, request }) =>
      afterChange(options, await options.phones.change(params.extension, body), {
        auth,
        request,
        action: 'phone-changed',
        what: `${params.extension} changed`,
      }),
  }),
  renewPassword(options),
  sessionRoute({
    method: 'delete',
    path: '/phones/{extension}',
    summary: 'Removes a phone; it is not registered any more.',
    roles: ADMINISTRATORS,
    params: extensionParams,
    replies: { ...DONE, ...NO_PHONE },
    handle: async ({ params, auth, request }) =>
      afterChange(options, await options.phones.remove(params.extension), {
        auth,
        request,
        action: 'phone-changed',
        what: `${params.extension} removed`,
      }),
  }),
];

const goalOf = (goal: z.output<typeof extensionRuleSchema>['goal']): ExtensionGoal => {
  switch (goal.kind) {
    case 'queue':
      return { kind: 'queue', queueId: asId<QueueId>(goal.queueId) };
    case 'number':
      return goal;
    case 'trunk':
      return { ...goal, trunkId: asId<TrunkId>(goal.trunkId) };
  }
};

const ruleOf = (pattern: string, { displayName, displayNameZh, goal }: z.output<typeof extensionRuleSchema>) => ({
  _id: pattern,
  ...(displayName === undefined ? {} : { displayName }),
  ...(displayNameZh === undefined ? {} : { displayNameZh }),
  goal: goalOf(goal),
});

const extensionRoutesOf = (options: PhoneRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/extensions/rules',
    summary: 'Extensions that lead to a queue, to another number or to another exchange.',
    roles: LEADERS,
    replies: { 200: { description: 'The rules.', schema: extensionRuleListSchema } },
    handle: () =>
      Promise.resolve(
        jsonReply({ items: options.phones.rules().map(({ _id, ...rule }) => ({ pattern: _id, ...rule })) }),
      ),
  }),
  sessionRoute({
    method: 'put',
    path: '/extensions/rules/{pattern}',
    summary: 'Sets where an extension, or a range such as 3xxx, leads.',
    roles: ADMINISTRATORS,
    params: patternParams,
    body: extensionRuleSchema,
    replies: { ...DONE, 404: { description: 'The queue, number or trunk is not there.' } },
    handle: async ({ params, body, auth, request }) =>
      afterChange(options, await options.phones.saveRule(ruleOf(params.pattern, body)), {
        auth,
        request,
        action: 'extension-changed',
        what: `${params.pattern} set`,
      }),
  }),
  sessionRoute({
    method: 'delete',
    path: '/extensions/rules/{pattern}',
    summary: 'Removes a rule.',
    roles: ADMINISTRATORS,
    params: patternParams,
    replies: { ...DONE, 404: { description: 'There is no such rule.' } },
    handle: async ({ params, auth, request }) =>
      afterChange(options, await options.phones.removeRule(params.pattern), {
        auth,
        request,
        action: 'extension-changed',
        what: `${params.pattern} removed`,
      }),
  }),
  sessionRoute({
    method: 'put',
    path: '/extensions/{extension}/messages',
    summary: 'Sets how many messages wait for an extension; its phone shows it by its lamp.',
    roles: ADMINISTRATORS,
    params: extensionParams,
    body: messageCountsSchema,
    replies: { ...DONE, 404: { description: 'Nobody has this extension.' } },
    async handle({ params, body }) {
      const set = await options.phones.setMessages(params.extension, body);
      return set.ok ? jsonReply({ done: true }) : faultReply(set.fault);
    },
  }),
];

export const phoneRoutes = (options: PhoneRoutesOptions): Route[] => [
  ...phoneRoutesOf(options),
  ...extensionRoutesOf(options),
];
