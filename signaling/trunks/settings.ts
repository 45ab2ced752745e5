/** What an administrator says about trunks and outbound routes. Everything optional has a default, named beside it. */
import type { Detect } from '../../base/detect';

export type TrunkTransport = 'udp' | 'tcp' | 'tls';

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface ProxySettings {
  /** host or host:port; an IPv6 address stands in brackets. */
  readonly host: string;
  /** Default udp. */
  readonly transport?: TrunkTransport | undefined;
  /** The lowest is tried first (RFC 2782). Default 1. */
  readonly priority?: number | undefined;
  /** Share of the calls among proxies of the same priority. Default 1. */
  readonly weight?: number | undefined;
}

export interface RegistrationSettings {
  /** host or host:port; the trunk's first proxy when absent. */
  readonly registrar?: string | undefined;
  /** Host part of the address of record; the registrar's host when absent. */
  readonly domain?: string | undefined;
  /** User part of the address of record; the credentials' user name when absent. */
  readonly user?: string | undefined;
  /** What we ask for; the registrar may grant less. Default 600. */
  readonly expiresS?: number | undefined;
}

export interface ProbeSettings {
  /** Between two OPTIONS; 0 sends none. Default 30. */
  readonly intervalS?: number | undefined;
  /** Default 4000. */
  readonly timeoutMs?: number | undefined;
  /** Failures in a row that make a proxy down. Default 2. */
  readonly downAfter?: number | undefined;
  /** Answers in a row that make it up again. Default 1. */
  readonly upAfter?: number | undefined;
}

/** Every limit that is absent does not limit. */
export interface LimitSettings {
  /** Calls at once, both directions together. */
  readonly calls?: number | undefined;
  readonly inboundPerS?: number | undefined;
  readonly outboundPerS?: number | undefined;
}

export interface RewriteRule {
  /** A regular expression; see `safe-pattern.ts` for what is allowed. */
  readonly match: string;
  /** With `$1` to `$9` and `$&` as in JavaScript. */
  readonly replace: string;
}

/**
 * `e164`: +4930123. `digits`: 4930123. `international`: 004930123. `national`: 030123 within the own country, else like
 * `international`. `as-is`: as it was dialled.
 */
export type NumberFormat = 'e164' | 'digits' | 'international' | 'national' | 'as-is';

export interface NumberSettings {
  /** Calling code without plus, such as 86 or 49; without it numbers are not made E.164. */
  readonly country?: string | undefined;
  /** Area code without the national prefix, for numbers dialled without one. */
  readonly area?: string | undefined;
  /** Default 00. */
  readonly internationalPrefix?: string | undefined;
  /** Default 0; empty where a country has none. */
  readonly nationalPrefix?: string | undefined;
  /** How the carrier wants numbers. Default as-is. */
  readonly out?: NumberFormat | undefined;
  /** Before a number of an incoming call is made E.164; the first rule that matches is applied. */
  readonly rewriteIn?: readonly RewriteRule[] | undefined;
  /** After a number has its outgoing format; the first rule that matches is applied. */
  readonly rewriteOut?: readonly RewriteRule[] | undefined;
}

/**
 * `fixed`: always `callerId`. `pass-through`: the caller's own number. `allowed`: the caller's own number if it is one of
 * `allowedCallerIds`, else `callerId`. `withheld`: anonymous, with Privacy (RFC 3323).
 */
export type CallerIdPolicy = 'fixed' | 'pass-through' | 'allowed' | 'withheld';

export interface AssertedIdentitySettings {
  /** Whether the carrier's P-Asserted-Identity is believed (RFC 3325). Default true. */
  readonly accept?: boolean | undefined;
  /** `asserted`: P-Asserted-Identity, to peers within our trust domain only. `preferred`: P-Preferred-Identity. Default never. */
  readonly send?: 'never' | 'asserted' | 'preferred' | undefined;
}

/** `add` appends, `set` replaces what is there, `remove` takes all of that name away. */
export type HeaderRule =
  | { readonly action: 'add' | 'set'; readonly name: string; readonly value: string }
  | { readonly action: 'remove'; readonly name: string };

export type DtmfMode = 'rfc4733' | 'info' | 'inband' | 'auto';
export type SrtpPolicy = 'off' | 'optional' | 'required';
export type TrunkCodec = 'PCMA' | 'PCMU' | 'G722' | 'OPUS';

export interface TrunkSettings {
  readonly trunkId: string;
  readonly name: string;
  /** Switched off by an administrator: no calls in or out, no registration. Default true. */
  readonly enabled?: boolean | undefined;
  /** Addresses and networks (`192.0.2.0/24`) whose INVITEs are this carrier's. */
  readonly addresses: readonly string[];
  /** INVITEs from any address that authenticate as this account are this trunk's. */
  readonly account?: Account | undefined;
  /** Where outgoing calls are sent, as host or host:port: short for one entry of `proxies`. */
  readonly proxy?: string | undefined;
  /** Of `proxy`. Default udp. */
  readonly transport?: TrunkTransport | undefined;
  readonly proxies?: readonly ProxySettings[] | undefined;
  /** Calls come and go by TLS only. Default false. */
  readonly requireTls?: boolean | undefined;
  /** For carriers that challenge us. */
  readonly credentials?: Account | undefined;
  /** Present: we register there. */
  readonly registration?: RegistrationSettings | undefined;
  /** Host part of our From, where the carrier minds. */
  readonly fromDomain?: string | undefined;
  readonly probe?: ProbeSettings | undefined;
  readonly limits?: LimitSettings | undefined;
  /** Most wanted first. Default PCMA, PCMU. */
  readonly codecs?: readonly TrunkCodec[] | undefined;
  /** Default rfc4733. */
  readonly dtmf?: DtmfMode | undefined;
  /** Keys come in the SDP (RFC 4568). `optional`, the default: as the caller offers, and calls out are plain. */
  readonly srtp?: SrtpPolicy | undefined;
  /** How its keys are agreed on. Default any; calls out by keys in the SDP then. */
  readonly srtpKeys?: 'any' | 'sdes' | 'dtls' | undefined;
  /** `known`, the default: near the host in the SDP, `addresses`, `rtpNetworks`, and near where the INVITE came from. */
  readonly rtpFrom?: 'known' | 'anywhere' | undefined;
  /** Addresses and networks of its media, where they are none of the others. */
  readonly rtpNetworks?: readonly string[] | undefined;
  /** Silence in a conversation that ends the call. Default 60; 0 for never. */
  readonly mediaTimeoutS?: number | undefined;
  /** What is listened for while agents talk through it; as the configuration says when absent. */
  readonly detect?: Detect | undefined;
  /** Whether sound before the answer is passed on. Default pass. */
  readonly earlyMedia?: 'pass' | 'ignore' | undefined;
  readonly numbers?: NumberSettings | undefined;
  /** Shown as the caller, as far as the policy says so. */
  readonly callerId?: string | undefined;
  /** Default fixed with a `callerId`, pass-through without. */
  readonly callerIdPolicy?: CallerIdPolicy | undefined;
  readonly allowedCallerIds?: readonly string[] | undefined;
  /** The other side may have its calls put through to numbers outside, at our cost, by REFER and Replaces. Default false. */
  readonly allowRefer?: boolean | undefined;
  readonly assertedIdentity?: AssertedIdentitySettings | undefined;
  readonly headersIn?: readonly HeaderRule[] | undefined;
  readonly headersOut?: readonly HeaderRule[] | undefined;
  /** Whether outgoing calls get an Identity header of the signer (RFC 8224). Default false. */
  readonly signIdentity?: boolean | undefined;
  /** Whether Identity headers of incoming calls are given to the verifier. Default false. */
  readonly verifyIdentity?: boolean | undefined;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** A span of the day, in the zone's own time; one that ends before it begins goes on after midnight. */
export interface TimeWindow {
  /** All days when absent. */
  readonly days?: readonly Weekday[] | undefined;
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`, exclusive; 24:00 is midnight. */
  readonly to: string;
  /** IANA name, such as Asia/Shanghai. Default UTC. */
  readonly timeZone?: string | undefined;
}

export interface RouteTrunk {
  readonly trunkId: string;
  /** In whatever unit all routes share. Default 0. */
  readonly costPerMinute?: number | undefined;
}

export interface RouteSettings {
  readonly routeId: string;
  readonly name: string;
  /** Default true. */
  readonly enabled?: boolean | undefined;
  /** The number begins with one of these; an empty list and no pattern match every number. */
  readonly prefixes?: readonly string[] | undefined;
  /** A regular expression that the number matches as well. */
  readonly pattern?: string | undefined;
  /** The lowest is tried first. Default 100. */
  readonly priority?: number | undefined;
  /** Always when absent. */
  readonly times?: readonly TimeWindow[] | undefined;
  readonly trunks: readonly RouteTrunk[];
}
