/** Desk phones, the table of extensions, and what lasts of both: registrations and message counts. */
import type { QueueId, TrunkId } from '../base/ids';

/** A desk phone's account. Its password is kept as digest needs it and no further: `H(user:realm:password)`. */
export interface Phone {
  /** The extension, which is the phone's user name too. */
  _id: string;
  displayName: string;
  displayNameZh?: string;
  /** Of the hashes; they are worth nothing in another realm. */
  realm: string;
  ha1: { MD5: string; 'SHA-256': string };
  /** May it call numbers outside, through a trunk? */
  mayCallOutside: boolean;
  /** How its digits travel; as RFC 4733 events when absent. */
  dtmf?: 'rfc4733' | 'info' | 'inband' | 'auto';
  /** May it take over running calls of other extensions? Not when absent. */
  mayTakeOver?: boolean;
  /** Of its calls; `optional` when absent. */
  srtp?: 'off' | 'optional' | 'required';
  /** Most wanted first; those of all phones when absent. */
  codecs?: readonly ('PCMA' | 'PCMU' | 'G722' | 'OPUS')[];
  /** `any` when absent. */
  srtpKeys?: 'any' | 'sdes' | 'dtls';
  /** Where its RTP may come from; `known` when absent. */
  rtpFrom?: 'known' | 'anywhere';
  /** 60 when absent. */
  mediaTimeoutS?: number;
  createdAtMs: number;
}

/** Where an extension leads that is neither an agent's nor a phone's. */
export type ExtensionGoal =
  | { kind: 'queue'; queueId: QueueId }
  /** Another number of this center, with its flow. */
  | { kind: 'number'; number: string }
  /** Another exchange: the first `stripDigits` go, `addPrefix` comes before what is left. */
  | {
      kind: 'trunk';
      trunkId: TrunkId;
      stripDigits: number;
      addPrefix: string;
      /** Sent with every call, such as `X-Tenant`. */
      headers: Record<string, string>;
      /** May callers of trunks reach it too, and not just agents and phones? */
      fromTrunks: boolean;
    };

export interface ExtensionRule {
  /** Digits; each `x` at the end stands for any digit, as in `3xxx`. */
  _id: string;
  displayName?: string;
  displayNameZh?: string;
  goal: ExtensionGoal;
}

/** One contact of a phone, as the registrar knows it. */
export interface StoredBinding {
  contactUri: string;
  q: number;
  expiresAtMs: number;
  callId: string;
  cseq: number;
  instance: string | undefined;
  regId?: string | undefined;
  path?: readonly string[] | undefined;
  /** Where the REGISTER came from. */
  source: { address: string; port: number; protocol: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss' };
}

export interface Registrations {
  /** The phone's user name. */
  _id: string;
  bindings: StoredBinding[];
}

/** Messages that wait for an extension (RFC 3842). */
export interface MessageCounts {
  _id: string;
  newMessages: number;
  oldMessages: number;
  newUrgentMessages: number;
  oldUrgentMessages: number;
}
