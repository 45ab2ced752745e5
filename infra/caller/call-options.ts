/** What a test call is asked for, and sentences about it. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { DtmfMode, G711Codec } from '../../media/ports';
import type { TestCallEvent } from './call-events';
import type { Voice } from './caller-media';
import type { LineTransport } from './sip-line';

export interface TestCallOptions {
  /** Who is called: a number such as 4000. */
  readonly number: string;
  /** The caller's number. Default +4930123456. */
  readonly from?: string;
  /** An IP address. Default 127.0.0.1. */
  readonly host?: string;
  /** Default 5060. */
  readonly port?: number;
  /** Default udp. */
  readonly transport?: LineTransport;
  /**
   * The server may be away for a moment, as in tests that kill it: what it has not received is sent again, for as long as
   * SIP has it (32 s). Only over UDP. Default false.
   */
  readonly isPatient?: boolean;
  /** Most wanted first. Default PCMA, PCMU. */
  readonly codecs?: readonly G711Codec[];
  /** How the caller's keys travel. Default `rfc4733`. */
  readonly dtmf?: DtmfMode;
  /** What the caller says from the answer on. Default: silence. */
  readonly voice?: Voice;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly onEvent?: (event: TestCallEvent) => void;
  /** Each frame of 20 ms as it is sent, counted from 0, for those who measure. */
  readonly onSpoken?: (frame: number) => void;
  /** Whether what was heard can be had as a whole at the end. Default true. */
  readonly keepsSound?: boolean;
  /** Each audio packet as it arrives: its samples, 8 kHz, in the order of arrival. */
  readonly onAudio?: (samples: Int16Array) => void;
}

export const nobodyAnswers = ({ host, port }: { host: string; port: number }): string =>
  `nobody answers SIP at ${host.includes(':') ? `[${host}]` : host}:${port}: is Switchroom running? npm start`;

/** The text of a Reason header (RFC 3326), else the whole. */
export const reasonText = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : (/text="((?:[^"\\]|\\.)*)"/.exec(header)?.[1] ?? header);
