/** Everybody who can be reached by an extension, as `GET /extensions` shows them to all who are signed in. */
import { z } from 'zod';

/**
 * `free`: can be called. `away`: a break or other work. `busy`: wrap-up. `offline`: nobody is signed in, or the phone is
 * not registered.
 */
export const extensionStateSchema = z.enum(['free', 'away', 'ringing', 'talking', 'busy', 'offline']);
export type ExtensionStateName = z.infer<typeof extensionStateSchema>;

export const extensionViewSchema = z.object({
  extension: z.string(),
  kind: z.enum(['agent', 'phone']),
  displayName: z.string(),
  displayNameZh: z.string().optional(),
  state: extensionStateSchema,
});
export type ExtensionView = z.infer<typeof extensionViewSchema>;

/** By extension. */
export const extensionListSchema = z.object({ items: z.array(extensionViewSchema) });
