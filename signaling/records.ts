/**
 * What the app writes down of its dialogs, and of calls that wait for an answer, so that its next life goes on with them.
 * The SIP server keeps the rest: CSeqs, routes, session timers and the ways to the peers.
 */
import { z } from 'zod';

/** Goes into a header, where a line break would be another one. */
const text = z
  .string()
  .max(4_096)
  .regex(/^[^\r\n\0]*$/);
const tag = text.min(1);
/** As large as a SIP message may be. */
const sdp = z.string().max(65_535);

const dialogNameSchema = z.object({ callId: text.min(1), localTag: tag, remoteTag: tag });

const partySchema = z.object({ number: text, displayName: text.optional() });

/** Which place in which trunk a call holds. */
const placeSchema = z.object({ trunkId: z.string().min(1).max(256), direction: z.enum(['inbound', 'outbound']) });

export const dialogRecordSchema = z.object({
  version: z.literal(1),
  /** As the SIP server names the dialog. */
  id: text.min(1),
  role: z.enum(['uas', 'uac']),
  name: dialogNameSchema,
  party: partySchema,
  /** Our description, and the other side's: those that were agreed on last. */
  localSdp: sdp,
  remoteSdp: sdp,
  /** Our Contact; left out where none was told. */
  contact: text.optional(),
  /** The URI that our requests go to. */
  target: text.min(1),
  /** The session timer that was agreed on (RFC 4028). */
  session: z.object({ seconds: z.number().int().positive(), weRefresh: z.boolean() }).optional(),
  /** Of a call by a trunk. */
  place: placeSchema.optional(),
});

/** A dialog of the app, in words that can be written down; JSON. */
export type DialogRecord = Readonly<z.infer<typeof dialogRecordSchema>>;

/** The place that a call holds in a trunk. */
export type TrunkPlace = Readonly<z.infer<typeof placeSchema>>;

const originSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('trunk'), trunkId: z.string().min(1).max(256) }),
  z.object({ kind: z.literal('agent'), userName: text.min(1) }),
  z.object({ kind: z.literal('phone'), userName: text.min(1) }),
]);

export const inviteRecordSchema = z.object({
  version: z.literal(1),
  /** As the SIP server names the request. */
  id: z.string().min(1).max(256),
  callId: text.min(1),
  /** Who was found to call; nobody is asked for a password twice. */
  origin: originSchema,
  replaces: z.object({ dialogId: text, isRinging: z.boolean().optional() }).optional(),
  identity: z
    .object({
      result: z.enum(['passed', 'failed', 'absent', 'unavailable']),
      attestation: text.optional(),
      reason: text.optional(),
    })
    .optional(),
});

/** A caller's INVITE without a final answer, in words that can be written down; JSON. */
export type InviteRecord = Readonly<z.infer<typeof inviteRecordSchema>>;
