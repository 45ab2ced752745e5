/** The SIP messages of an interaction's calls: `GET /interactions/{id}/trace`. */
import { z } from 'zod';

const addressSchema = z.object({ address: z.string(), port: z.number().int() });

export const tracedMessageSchema = z.object({
  atMs: z.number(),
  /** `in` came to us from `remote`, `out` went there. */
  direction: z.enum(['in', 'out']),
  protocol: z.enum(['udp', 'tcp', 'tls', 'ws', 'wss']),
  local: addressSchema,
  remote: addressSchema,
  /** The whole message, without credentials and other secrets. */
  text: z.string(),
});
export type TracedMessageView = z.infer<typeof tracedMessageSchema>;

export const traceSchema = z.object({ messages: z.array(tracedMessageSchema) });

export const traceQuerySchema = z.strictObject({
  /** `text` is a ladder for reading, `pcap` a capture for Wireshark and the like. */
  format: z.enum(['json', 'text', 'pcap']).default('json'),
});
