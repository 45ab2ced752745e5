/**
 * One DTLS 1.2 association (RFC 6347) for SRTP's keys (RFC 5764): records, repetitions and the end of a handshake, whose
 * logic is that of {@link ServerHandshake} or {@link ClientHandshake}. No data is carried and nothing is negotiated anew.
 *
 *   handshaking ──both have proved who they are──► connected ──close_notify──► ended
 *        └──the peer does what it must not, or says no, or stays away──────────► ended
 */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { AgreedSecurity } from '../srtp/packet-security';
import { MalformedError } from './byte-reader';
import { ClientHandshake } from './client-handshake';
import { HandshakeError } from './handshake';
import type { FlightPart, Handshake, HandshakeParts } from './handshake';
import { MessageAssembler } from './handshake-messages';
import { CONTENT, openRecord, readRecords, sealRecord, writeRecord } from './record';
import type { DtlsRecord, RecordKey } from './record';
import { ServerHandshake } from './server-handshake';

export interface DtlsAssociationOptions extends HandshakeParts {
  readonly role: 'client' | 'server';
  readonly clock: Clock;
  readonly send: (datagram: Buffer) => void;
  /** Called once. */
  readonly onConnected: (security: AgreedSecurity) => void;
  /** Called once, instead of or after {@link onConnected}; not by {@link DtlsAssociation.close}. */
  readonly onEnded: (reason: string) => void;
}

/** RFC 6347, 4.2.4.1, says one second, doubled each time; calls wait for this, and their round trips are shorter. */
const FIRST_REPEAT_MS = 400;
const LONGEST_REPEAT_MS = 1_600;
/** A peer that got our answer late, such as after a long ringing, is still waited for. */
const PATIENCE_MS = 60_000;
/** For repetitions that the peer's own ask for: so that nobody can make us send without end. */
const MAX_ASKED_REPEATS = 20;
const DATAGRAM_BYTES = 1_200;
const FATAL = 2;
const WARNING = 1;
const CLOSE_NOTIFY = 0;

export class DtlsAssociation {
  private state: 'handshaking' | 'connected' | 'ended' = 'handshaking';
  private readonly handshake: Handshake;
  private readonly assembler: MessageAssembler;
  private flight: readonly FlightPart[] = [];
  /** Of our next record in each epoch. */
  private readonly sequences: number[];
  private keys: { readonly own: RecordKey; readonly peer: RecordKey } | undefined;
  private repeatTimer: Timer | undefined;
  private patience: Timer | undefined;
  private askedRepeats = 0;

  constructor(private readonly options: DtlsAssociationOptions) {
    this.handshake = options.role === 'client' ? new ClientHandshake(options) : new ServerHandshake(options);
    this.assembler = new MessageAssembler(options.continues?.message);
    // RFC 6347, 4.2.1: on from the record number of the hello, so that the client takes it for no repetition.
    this.sequences = [options.continues?.record ?? 0, 0];
  }

  /** A client says hello, a server waits for one. */
  start(): void {
    this.patience = this.options.clock.after(PATIENCE_MS, () => this.end('the DTLS handshake has taken too long'));
    this.transmit(this.handshake.begin());
  }

  /** Takes any datagram; what is no DTLS or not the peer's is dropped. */
  receive(datagram: Buffer): void {
    let isRepeated = false;
    for (const record of readRecords(datagram)) {
      if (this.state === 'ended') return;
      const content = this.open(record);
      if (content && this.take(record, content)) isRepeated = true;
    }
    if (isRepeated) this.repeatAsAsked();
  }

  /** Tells the peer, once connected. Idempotent. */
  close(): void {
    if (this.state === 'ended') return;
    if (this.state === 'connected') this.sendAlert(WARNING, CLOSE_NOTIFY);
    this.stop();
  }

  private open(record: DtlsRecord): Buffer | undefined {
    if (record.epoch === 0) return record.fragment;
    this.keys ??= this.handshake.keys;
    return record.epoch === 1 && this.keys ? openRecord(record, this.keys.peer) : undefined;
  }

  /** @returns whether it was nothing but a repetition. */
  private take({ type, epoch }: DtlsRecord, content: Buffer): boolean {
    if (type === CONTENT.alert) this.takeAlert(content, epoch);
    if (type !== CONTENT.handshake) return false;
    const accepted = this.assembler.accept(content);
    if (!accepted) return false;
    const { messages, repeated } = accepted;
    try {
      for (const message of messages) {
        if (this.state !== 'handshaking') return false;
        const next = this.handshake.accept(message);
        if (next) this.transmit(next);
        this.concludeIfDone();
      }
      return repeated && messages.length === 0;
    } catch (error) {
      if (!(error instanceof HandshakeError) && !(error instanceof MalformedError)) throw error;
      if (error instanceof HandshakeError) this.sendAlert(FATAL, error.alert);
      this.end(`the DTLS handshake has failed: ${messageOf(error)}`);
      return false;
    }
  }

  /** Once there are keys, nobody but the peer can say that it is over. */
  private takeAlert(content: Buffer, epoch: number): void {
    if (content.length < 2 || (this.state === 'connected' && epoch === 0)) return;
    const [level, description] = [content.readUInt8(0), content.readUInt8(1)];
    if (description === CLOSE_NOTIFY) this.end('the peer has closed DTLS');
    else if (level === FATAL) this.end(`the peer has refused DTLS with alert ${description}`);
  }

  private concludeIfDone(): void {
    const { security } = this.handshake;
    if (!security || this.state !== 'handshaking') return;
    this.state = 'connected';
    this.repeatTimer?.cancel();
    this.patience?.cancel();
    this.options.onConnected(security);
  }

  /** Sends a flight, and again until the peer goes on. */
  private transmit(flight: readonly FlightPart[]): void {
    if (flight.length === 0) return;
    this.flight = flight;
    this.repeatTimer?.cancel();
    this.sendFlight();
    // The last flight of a server is repeated only when the client asks for it by repeating its own.
    if (!this.handshake.security) this.repeatAfter(FIRST_REPEAT_MS);
  }

  private repeatAfter(delayMs: number): void {
    this.repeatTimer = this.options.clock.after(delayMs, () => {
      this.sendFlight();
      this.repeatAfter(Math.min(delayMs * 2, LONGEST_REPEAT_MS));
    });
  }

  /**
   * Only the server, who speaks last (RFC 6347, 4.2.4). A client has its timer until it is connected: a busy one that
   * answered each repetition that has waited for it would ask the server more than twelve times, for which OpenSSL gives
   * it up, and one that is connected would be answered for ever.
   */
  private repeatAsAsked(): void {
    if (this.state === 'ended' || this.options.role === 'client') return;
    this.askedRepeats += 1;
    if (this.askedRepeats <= MAX_ASKED_REPEATS) this.sendFlight();
  }

  private sendFlight(): void {
    let datagram: Buffer[] = [];
    let bytes = 0;
    for (const part of this.flight) {
      const record = this.record(part);
      if (bytes > 0 && bytes + record.length > DATAGRAM_BYTES) {
        this.options.send(Buffer.concat(datagram));
        [datagram, bytes] = [[], 0];
      }
      datagram.push(record);
      bytes += record.length;
    }
    if (datagram.length > 0) this.options.send(Buffer.concat(datagram));
  }

  /** Each time under a number of its own (RFC 6347, 4.2.4). */
  private record({ type, epoch, bytes }: FlightPart): Buffer {
    const sequence = this.sequences[epoch] ?? 0;
    this.sequences[epoch] = sequence + 1;
    const record = { type, epoch, sequence, fragment: bytes };
    if (epoch === 0) return writeRecord(record);
    this.keys ??= this.handshake.keys;
    if (!this.keys) throw new HandshakeError(0, 'there are no keys yet');
    return sealRecord(record, this.keys.own);
  }

  private sendAlert(level: number, description: number): void {
    const epoch = this.state === 'connected' ? 1 : 0;
    this.options.send(this.record({ type: CONTENT.alert, epoch, bytes: Buffer.from([level, description]) }));
  }

  private end(reason: string): void {
    if (this.state === 'ended') return;
    this.stop();
    this.options.onEnded(reason);
  }

  private stop(): void {
    this.state = 'ended';
    this.repeatTimer?.cancel();
    this.patience?.cancel();
  }
}
