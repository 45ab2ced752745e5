/** Asks another system about a call, in bounded time; what it answers are variables, a way, or a refusal. */
import { z } from 'zod';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { contactsSchema, variableName } from '../flows/document';
import { MAX_VALUE_LENGTH, MAX_VARIABLES } from '../flows/variables';
import type { CallContext } from './context';

const lookedUpSchema = z.object({
  variables: z
    .record(variableName, z.string().max(MAX_VALUE_LENGTH))
    .refine((values) => Object.keys(values).length <= MAX_VARIABLES)
    .default({}),
  /** Another number of ours whose flow answers instead. */
  number: z.string().min(1).max(64).optional(),
  /** A flow that answers instead. */
  flow: z.string().min(1).max(64).optional(),
  /** Where the call goes instead, by SIP 302. */
  redirect: contactsSchema.optional(),
  reject: z
    .object({
      status: z.number().int().min(400).max(699),
      reason: z
        .string()
        .max(100)
        .regex(/^[^\r\n]*$/)
        .optional(),
    })
    .optional(),
});
export type LookedUp = z.infer<typeof lookedUpSchema>;

/** What another system is told: the variables that are not secret, and those that are sensitive and for it alone. */
export interface Question {
  readonly variables: Readonly<Record<string, string>>;
  readonly sensitive?: Readonly<Record<string, string>>;
}

/**
 * Fails when the look-up is not set up, did not answer in time, or answered what is not understood; and with `forbidden`
 * where something sensitive would go through a network in the clear.
 */
export const lookUp = async (ctx: CallContext, id: string, question: Question): Promise<Result<LookedUp>> => {
  const settings = ctx.routing.lookUpOf(id);
  if (!settings) return fail('not_found', `There is no look-up ${id}.`);
  const { url, headers, timeoutMs } = settings;
  const { variables, sensitive = {} } = question;
  if (Object.keys(sensitive).length > 0 && !isConfidential(url))
    return fail(
      'forbidden',
      `The look-up ${id} gets nothing sensitive as long as its address does not begin with https.`,
    );
  const body = { ...variables, ...sensitive };
  const asked = await ctx.routing.ask({ method: 'POST', url, headers, timeoutMs, body });
  if (!asked.ok) return asked;
  const parsed = lookedUpSchema.safeParse(asked.value);
  if (parsed.success) return ok(parsed.data);
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return fail('bad_input', `The look-up ${id} answered what is not understood: ${where || 'no object'}.`);
};

/** By HTTPS, or not leaving the machine. */
const isConfidential = (url: string): boolean => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
};
