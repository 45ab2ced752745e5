/**
 * The transaction layer: any messages in any order, with a user that answers what it likes and time that passes. Nothing
 * throws, and in the end nothing is left over.
 */
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { SeededRandom } from '../../../base/random';
import { ok, type Result } from '../../../base/result';
import type { Connection } from '../../../signaling/sip/connection';
import { SipResponse, type SipRequest } from '../../../signaling/sip/message';
import { parseMessage } from '../../../signaling/sip/parse';
import { TransactionLayer } from '../../../signaling/sip/transaction/transaction-layer';
import type { ServerTransaction } from '../../../signaling/sip/transaction/types';
import { mutateText } from '../../support/mutate';
import type { Execution } from './campaign';
import { anyMessage, METHODS } from './grammar';

const MESSAGES = 10;
const LOG = silentLogger();
const STATUSES = [100, 180, 183, 200, 202, 302, 401, 404, 408, 486, 487, 500, 503, 603];

/** What happens in one world, decided beforehand. */
type Event =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'answer'; readonly status: number; readonly which: number }
  | { readonly kind: 'send'; readonly method: string }
  | { readonly kind: 'response'; readonly status: number; readonly which: number }
  | { readonly kind: 'cancel'; readonly which: number };

const peerMessage = (random: SeededRandom): Buffer => {
  const method = random.pick(METHODS);
  const branch = random.pick(['z9hG4bK1', 'z9hG4bK2', '1', 'z9hG4bK']);
  const tag = random.next() < 0.3 ? ';tag=t' : '';
  const text = [
    `${method} sip:a@192.0.2.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.9:5060;branch=${branch}${random.pick([';rport', ''])}`,
    'From: <sip:b@192.0.2.9>;tag=f',
    `To: <sip:a@192.0.2.1>${tag}`,
    `Call-ID: ${random.pick(['c1', 'c2'])}`,
    `CSeq: ${random.pick(['1', '1', '2'])} ${random.next() < 0.95 ? method : 'INVITE'}`,
    'Contact: <sip:b@192.0.2.9>',
    'Max-Forwards: 70',
  ].join('\r\n');
  return Buffer.from(`${text}\r\nContent-Length: 0\r\n\r\n`);
};

const eventOf = (random: SeededRandom): Event => {
  const which = random.int(4);
  return random.pick<() => Event>([
    () => ({ kind: 'bytes', bytes: peerMessage(random) }),
    () => ({ kind: 'bytes', bytes: peerMessage(random) }),
    () => ({ kind: 'bytes', bytes: mutateText([peerMessage(random)], random) }),
    () => ({ kind: 'bytes', bytes: anyMessage(random) }),
    () => ({ kind: 'time', ms: random.pick([1, 200, 500, 5_000, 33_000]) }),
    () => ({ kind: 'answer', status: random.pick(STATUSES), which }),
    () => ({ kind: 'send', method: random.pick(METHODS.filter((method) => method !== 'ACK' && method !== 'CANCEL')) }),
    () => ({ kind: 'response', status: random.pick(STATUSES), which }),
    () => ({ kind: 'cancel', which }),
  ])();
};

export const transactionExecution = (seed: number): Execution => {
  const random = new SeededRandom(seed);
  const reliable = random.next() < 0.3;
  const events = Array.from({ length: MESSAGES }, () => eventOf(random));
  return {
    show: () =>
      events
        .map((event) => (event.kind === 'bytes' ? event.bytes.toString('latin1') : JSON.stringify(event)))
        .join('\n'),
    run: () => new World(reliable).live(events),
  };
};

class World {
  private readonly clock = new SimulatedClock();
  private readonly layer: TransactionLayer;
  private readonly served: ServerTransaction[] = [];
  private readonly sent: ReturnType<TransactionLayer['request']>[] = [];
  private readonly connection: Connection;

  constructor(reliable: boolean) {
    this.connection = {
      protocol: reliable ? 'tcp' : 'udp',
      local: { address: '192.0.2.1', port: 5060 },
      remote: { address: '192.0.2.9', port: 5060 },
      reliable,
      send: (): Promise<Result<void>> => Promise.resolve(ok(undefined)),
    };
    this.layer = new TransactionLayer({
      clock: this.clock,
      log: LOG,
      onRequest: (transaction) => void this.served.push(transaction),
      onAck: () => undefined,
    });
  }

  /** @returns the number of messages that were taken. */
  live(events: readonly Event[]): number {
    let messages = 0;
    for (const event of events) messages += this.happen(event) ? 1 : 0;
    this.clock.advance(200_000);
    this.layer.close();
    const { server, client, timers } = this.layer.counts;
    if (server + client + timers + this.clock.pendingTimers > 0) throw new Error('something was left over');
    return Math.max(1, messages);
  }

  /** @returns whether it was a message. */
  private happen(event: Event): boolean {
    switch (event.kind) {
      case 'bytes':
        this.receive(event.bytes);
        return true;
      case 'time':
        this.clock.advance(event.ms);
        return false;
      case 'answer': {
        const transaction = this.served[event.which];
        transaction?.respond(SipResponse.from(transaction.request, event.status, { toTag: transaction.toTag }));
        return false;
      }
      case 'send':
        this.send(event.method);
        return false;
      case 'response': {
        const request = this.sent[event.which]?.request;
        if (request) this.receive(SipResponse.from(request, event.status).toBuffer());
        return request !== undefined;
      }
      case 'cancel':
        this.sent[event.which]?.cancel();
        return false;
    }
  }

  private receive(bytes: Buffer): void {
    const parsed = parseMessage(bytes);
    if (parsed.ok) this.layer.receive(parsed.value, this.connection);
    else this.layer.receiveFault(parsed.fault, this.connection);
  }

  private send(method: string): void {
    const ignore = (): void => undefined;
    const handlers = { onFinal: ignore, onTimeout: ignore, onTransportError: ignore };
    this.sent.push(this.layer.request(ourRequest(method), this.connection, handlers));
  }
}

const ourRequest = (method: string): SipRequest => {
  const text = [
    `${method} sip:b@192.0.2.9 SIP/2.0`,
    'Via: SIP/2.0/UDP placeholder;branch=z9hG4bK0',
    'From: <sip:a@192.0.2.1>;tag=o',
    'To: <sip:b@192.0.2.9>',
    'Call-ID: c3',
    `CSeq: 5 ${method}`,
    'Contact: <sip:a@192.0.2.1>',
  ].join('\r\n');
  const parsed = parseMessage(Buffer.from(`${text}\r\n\r\n`));
  if (!parsed.ok || parsed.value.kind !== 'request') throw new Error('our own request does not parse');
  parsed.value.remove('Via');
  return parsed.value;
};
