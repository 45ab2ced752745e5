/** The configuration's section about hostile input. */
import { z } from 'zod';
import { parseNetworks } from '../signaling/trunks/cidr';

export const networkSchema = z
  .string()
  .refine((text) => parseNetworks([text]).ok, 'must be an address or a network like 192.0.2.0/24');

export const protectionSchema = z.strictObject({
  /** What a SIP request gets that nobody has to do with: 403 without state, or nothing. */
  strangers: z.enum(['reply', 'silence']).default('reply'),
  /** From where phones and browsers may register, and call with credentials. */
  userNetworks: z.array(networkSchema).default(['0.0.0.0/0', '::/0']),
  /** SIP requests that a source may send at once, and each second, before anything of it was accepted. */
  strangerBurst: z.number().int().min(1).max(1_000_000).default(500),
  strangerPerSecond: z.number().int().min(1).max(1_000_000).default(100),
  /** TCP, TLS and WebSocket connections of one source, unless it is a trunk. */
  connectionsPerSource: z.number().int().min(1).max(100_000).default(200),
  /** Memory for the SIP messages of recent calls; 0 keeps none. */
  traceMegabytes: z.number().int().min(0).max(4_096).default(16),
  /** Whether traces show the bodies of messages. */
  traceBodies: z.boolean().default(true),
});

export type ProtectionConfig = z.infer<typeof protectionSchema>;
