/**
 * Identifiers as branded types, so that an agent's id cannot be passed where a queue's is meant.
 * They are made only here.
 */
import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type InteractionId = Branded<'InteractionId'>;
export type CallId = Branded<'CallId'>;
export type LegId = Branded<'LegId'>;
export type EndpointId = Branded<'EndpointId'>;
export type PlayId = Branded<'PlayId'>;
export type MixId = Branded<'MixId'>;
export type RecordingId = Branded<'RecordingId'>;
export type ContactId = Branded<'ContactId'>;
export type OfferId = Branded<'OfferId'>;
export type AgentId = Branded<'AgentId'>;
export type QueueId = Branded<'QueueId'>;
export type UserId = Branded<'UserId'>;
export type FlowId = Branded<'FlowId'>;
export type TrunkId = Branded<'TrunkId'>;
export type SupervisionId = Branded<'SupervisionId'>;
export type ConferenceId = Branded<'ConferenceId'>;

/** Brands a string that is already known to be an id of this kind, such as one read from the store. */
export const asId = <Id extends string>(text: string): Id => text as Id;

/** A new, random, globally unique id (UUID version 4, RFC 9562). */
export const newId = <Id extends string>(): Id => randomUUID() as string as Id;

/** Random bytes are drawn in bulk: asking for a few at a time costs more than all the rest of making a token. */
const drawn = Buffer.alloc(4096);
let used = drawn.length;

/** A random token for secrets, URL-safe. @param bytes entropy in bytes. */
export const newToken = (bytes = 24): string => {
  if (bytes > drawn.length) return randomBytes(bytes).toString('base64url');
  if (used + bytes > drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const token = drawn.toString('base64url', used, used + bytes);
  // Who reads our memory later shall not find the secrets that were made before.
  drawn.fill(0, used, used + bytes);
  used += bytes;
  return token;
};
