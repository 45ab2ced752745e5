/**
 * Cuts a byte stream (TCP, TLS) into messages by Content-Length (RFC 3261, 18.3), between which CRLFs keep the
 * connection alive: a double CRLF is a ping, a single one a pong (RFC 5626, 3.5.1).
 *
 *     between ──CRLF CRLF──► ping          between ──CRLF, then a message──► pong
 *     between ──other byte──► head ──CRLF CRLF──► body ──Content-Length bytes──► message, between
 *     any ──limit broken or Content-Length unreadable──► broken (for good: the next boundary is unknown)
 */
import { finish, parseHead, refuse, type SipFault } from './parse';
import type { SipMessage } from './message';

export type StreamEvent =
  /** `pieces` are the bytes of which it was read. */
  | { readonly kind: 'message'; readonly message: SipMessage; readonly pieces: readonly Buffer[] }
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  /** One message was refused; the stream goes on behind it. */
  | { readonly kind: 'fault'; readonly fault: SipFault }
  /** The stream cannot go on: answer `fault.partial` if there is one, then close the connection. */
  | { readonly kind: 'broken'; readonly fault: SipFault };

export interface StreamLimits {
  /** Default 65536. */
  readonly headBytes: number;
  /** Default 1048576. */
  readonly bodyBytes: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const CR = 0x0d;
const LF = 0x0a;

type State =
  | { readonly at: 'between' }
  /** `scanned` bytes of the buffer hold no end of head. */
  | { readonly at: 'head'; readonly scanned: number }
  | {
      readonly at: 'body';
      readonly head: SipMessage | SipFault;
      readonly headBytes: Buffer;
      readonly bodyBytes: number;
    }
  | { readonly at: 'broken' };

/** One per connection. Holds at most one incomplete message, bounded by the limits. */
export class StreamFramer {
  private readonly limits: StreamLimits;
  private state: State = { at: 'between' };
  /** Pieces that arrived but were not consumed; joined only when something may be complete. */
  private chunks: Buffer[] = [];
  private pendingBytes = 0;
  private neededBytes = 0;

  constructor(limits: Partial<StreamLimits> = {}) {
    this.limits = { headBytes: limits.headBytes ?? 65_536, bodyBytes: limits.bodyBytes ?? 1_048_576 };
  }

  /** Whether the stream was given up; every later piece is dropped. */
  get isBroken(): boolean {
    return this.state.at === 'broken';
  }

  /** Whether a message has begun to arrive that is not complete. */
  get isWithinMessage(): boolean {
    return this.state.at === 'head' || this.state.at === 'body';
  }

  /** Takes the next piece of the stream; returns what became complete, in order. Never throws. */
  push(chunk: Buffer): StreamEvent[] {
    const events: StreamEvent[] = [];
    if (this.isBroken || chunk.length === 0) return events;
    this.chunks.push(chunk);
    this.pendingBytes += chunk.length;
    if (this.pendingBytes < this.neededBytes) return events;
    let rest = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.pendingBytes);
    for (let used: number | undefined = 0; used !== undefined;) {
      rest = rest.subarray(used);
      used = this.step(rest, events);
    }
    if (this.isBroken) return events;
    this.chunks = rest.length > 0 ? [rest] : [];
    this.pendingBytes = rest.length;
    return events;
  }

  /** Consumes from the front of the buffer; undefined when more bytes are needed first. */
  private step(buffer: Buffer, events: StreamEvent[]): number | undefined {
    const { state } = this;
    switch (state.at) {
      case 'between':
        return this.stepBetween(buffer, events);
      case 'head':
        return this.stepHead(buffer, { scanned: state.scanned, events });
      case 'body':
        if (buffer.length < state.bodyBytes) {
          this.neededBytes = state.bodyBytes;
          return undefined;
        }
        this.neededBytes = 0;
        this.state = { at: 'between' };
        events.push(complete(state, buffer.subarray(0, state.bodyBytes)));
        return state.bodyBytes;
      case 'broken':
        return undefined;
    }
  }

  private stepBetween(buffer: Buffer, events: StreamEvent[]): number | undefined {
    if (buffer.length === 0) return undefined;
    if (buffer[0] !== CR && buffer[0] !== LF) {
      this.state = { at: 'head', scanned: 0 };
      return 0;
    }
    if (buffer[0] === LF) return 1;
    if (buffer.length < 2) return undefined;
    if (buffer[1] !== LF) return 1;
    if (buffer[2] === CR && buffer[3] === LF) {
      events.push({ kind: 'ping' });
      return 4;
    }
    // The peer may have sent half a ping: the rest, if it comes, comes in the next segment and reads as a pong.
    if (buffer.length === 3 && buffer[2] === CR) return undefined;
    events.push({ kind: 'pong' });
    return 2;
  }

  private stepHead(buffer: Buffer, context: { scanned: number; events: StreamEvent[] }): number | undefined {
    const { scanned, events } = context;
    const found = buffer.indexOf(END_OF_HEAD, Math.max(0, scanned - 3));
    if (found > this.limits.headBytes || (found < 0 && buffer.length > this.limits.headBytes)) {
      return this.fail(`the message head exceeds ${this.limits.headBytes} bytes`, { events });
    }
    if (found < 0) {
      this.state = { at: 'head', scanned: buffer.length };
      return undefined;
    }
    const head = parseHead(buffer.subarray(0, found + 2));
    if (!head.ok && !head.fault.partial) return this.fail(head.fault.message, { events });
    const message = head.ok ? head.value : (head.fault.partial as SipMessage);
    const length = message.read('content-length');
    // RFC 3261, 18.3: over a stream Content-Length tells the end of the message. Without it, none can be found;
    // Deviation: a missing one is taken as zero, as bodiless messages of some agents need.
    if (!length.ok || length.value.some((bytes) => bytes !== length.value[0])) {
      return this.fail('the Content-Length of a message in a stream is malformed', { events, message });
    }
    const bodyBytes = length.value[0] ?? 0;
    if (bodyBytes > this.limits.bodyBytes) {
      return this.fail(`the message body exceeds ${this.limits.bodyBytes} bytes`, { events, message });
    }
    const headBytes = buffer.subarray(0, found + 4);
    this.state = { at: 'body', head: head.ok ? message : head.fault, headBytes, bodyBytes };
    return found + 4;
  }

  private fail(problem: string, context: { events: StreamEvent[]; message?: SipMessage }): undefined {
    const { fault } = refuse(context.message, problem);
    this.state = { at: 'broken' };
    this.chunks = [];
    context.events.push({ kind: 'broken', fault });
    return undefined;
  }
}

const complete = (
  { head, headBytes }: { readonly head: SipMessage | SipFault; readonly headBytes: Buffer },
  body: Buffer,
): StreamEvent => {
  if (!('kind' in head)) return { kind: 'fault', fault: head };
  if (body.length > 0) head.body = body;
  const result = finish(head);
  const pieces = body.length > 0 ? [headBytes, body] : [headBytes];
  return result.ok ? { kind: 'message', message: result.value, pieces } : { kind: 'fault', fault: result.fault };
};
