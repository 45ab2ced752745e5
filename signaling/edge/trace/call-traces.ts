/**
 * Keeps the SIP messages of recent calls, so that an operator can see what was said. Nothing is copied or formatted
 * before somebody asks: a message costs two lookups and an entry that refers to the bytes that came or went.
 *
 * A call is known by its Call-ID from its first INVITE on; messages of anything else are not kept. The oldest calls go
 * when the memory is full.
 */
import type { Clock } from '../../../base/clock';
import type { Connection, SocketAddress, TransportProtocol } from '../../sip/connection';
import type { SipMessage } from '../../sip/message';

export interface TraceLimits {
  /** 0 keeps nothing. */
  readonly maxBytes: number;
  readonly maxCalls: number;
  /** Of one call, so that a call with endless re-INVITEs does not drive out all others. */
  readonly maxBytesPerCall: number;
}

/** One message, as it was on the wire. */
export interface TracedMessage {
  readonly atMs: number;
  readonly direction: 'in' | 'out';
  readonly protocol: TransportProtocol;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** In their order; a message from a stream may have come in pieces. */
  readonly pieces: readonly Buffer[];
}

interface CallTrace {
  readonly messages: TracedMessage[];
  bytes: number;
}

/** What an entry costs beside the message's bytes, roughly. */
const OVERHEAD_BYTES = 200;

const INVITE = Buffer.from('INVITE ');
const CALL_ID = Buffer.from('\r\nCall-ID: ');
const CR = 0x0d;

export class CallTraces {
  private readonly calls = new Map<string, CallTrace>();
  /** Call-IDs in the order of their calls; those before `first` are gone. */
  private order: string[] = [];
  private first = 0;
  private bytes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: TraceLimits,
  ) {}

  get size(): number {
    return this.calls.size;
  }

  get heldBytes(): number {
    return this.bytes;
  }

  received(message: SipMessage, pieces: readonly Buffer[], connection: Connection): void {
    if (this.limits.maxBytes === 0) return;
    const begins = message.kind === 'request' && message.method === 'INVITE';
    if (begins || this.calls.size > 0) this.note('in', { callId: message.callId, begins, pieces, connection });
  }

  sent(bytes: Buffer, connection: Connection): void {
    if (this.limits.maxBytes === 0) return;
    const begins = bytes[0] === INVITE[0] && bytes.subarray(0, INVITE.length).equals(INVITE);
    if (!begins && this.calls.size === 0) return;
    const callId = callIdIn(bytes);
    if (callId !== undefined) this.note('out', { callId, begins, pieces: [bytes], connection });
  }

  /** The messages of these calls, in the order of their times. */
  messagesOf(callIds: readonly string[]): TracedMessage[] {
    const found = [...new Set(callIds)].flatMap((callId) => this.calls.get(callId)?.messages ?? []);
    return found.sort((a, b) => a.atMs - b.atMs);
  }

  private note(
    direction: 'in' | 'out',
    of: { callId: string; begins: boolean; pieces: readonly Buffer[]; connection: Connection },
  ): void {
    const { callId, begins, pieces, connection } = of;
    const call = this.calls.get(callId) ?? (begins ? this.begin(callId) : undefined);
    if (!call) return;
    let cost = OVERHEAD_BYTES;
    for (const piece of pieces) cost += piece.length;
    if (call.bytes + cost > this.limits.maxBytesPerCall) return;
    const { protocol, local, remote } = connection;
    call.messages.push({ atMs: this.clock.nowMs(), direction, protocol, local, remote, pieces });
    call.bytes += cost;
    this.bytes += cost;
    while (this.bytes > this.limits.maxBytes || this.calls.size > this.limits.maxCalls) this.forgetOldest();
  }

  private begin(callId: string): CallTrace {
    const call: CallTrace = { messages: [], bytes: 0 };
    this.calls.set(callId, call);
    this.order.push(callId);
    return call;
  }

  private forgetOldest(): void {
    const oldest = this.order[this.first] ?? '';
    this.bytes -= this.calls.get(oldest)?.bytes ?? 0;
    this.calls.delete(oldest);
    this.first += 1;
    if (this.first < 1_024 || this.first * 2 < this.order.length) return;
    this.order = this.order.slice(this.first);
    this.first = 0;
  }
}

/** The Call-ID of a message that we wrote; others may spell the header in another way when we only pass them on. */
const callIdIn = (bytes: Buffer): string | undefined => {
  const at = bytes.indexOf(CALL_ID);
  if (at < 0) return /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/im.exec(bytes.toString('latin1'))?.[1];
  const from = at + CALL_ID.length;
  const end = bytes.indexOf(CR, from);
  return end < 0 ? undefined : bytes.toString('latin1', from, end);
};
