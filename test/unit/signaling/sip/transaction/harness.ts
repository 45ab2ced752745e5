/** What the transaction tests share: a connection that records, messages made from text, a layer on simulated time. */
import { SimulatedClock } from '../../../../../base/clock';
import { silentLogger } from '../../../../../base/log';
import { fail, ok, type Result } from '../../../../../base/result';
import type { Connection, SocketAddress, TransportProtocol } from '../../../../../signaling/sip/connection';
import { type SipMessage, SipRequest, SipResponse } from '../../../../../signaling/sip/message';
import { parseMessage } from '../../../../../signaling/sip/parse';
import { TransactionLayer } from '../../../../../signaling/sip/transaction/transaction-layer';
import type { ServerTransaction } from '../../../../../signaling/sip/transaction/types';

/** Records what is sent, parsed back; `failing` makes it refuse. */
export class RecordingConnection implements Connection {
  readonly local = { address: '192.0.2.1', port: 5060 };
  readonly sent: SipMessage[] = [];
  readonly reliable: boolean;
  failing = false;

  constructor(
    readonly protocol: TransportProtocol,
    readonly remote: SocketAddress = { address: '192.0.2.9', port: 5060 },
  ) {
    this.reliable = protocol !== 'udp';
  }

  send(bytes: Buffer): Promise<Result<void>> {
    if (this.failing) return Promise.resolve(fail('unavailable', 'the connection is gone'));
    this.sent.push(parse(bytes));
    return Promise.resolve(ok(undefined));
  }

  /** Start lines of everything sent, shortened: the method, or the status. */
  get log(): string[] {
    return this.sent.map((message) => (message.kind === 'request' ? message.method : String(message.status)));
  }
}

export const parse = (bytes: Buffer): SipMessage => {
  const result = parseMessage(bytes);
  if (!result.ok) throw new Error(`a test message does not parse: ${result.fault.message}`);
  return result.value;
};

export interface RequestOptions {
  readonly branch?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly uri?: string;
}

/** A request as a peer at 192.0.2.9 sends it. */
export const incoming = (method: string, options: RequestOptions = {}): SipRequest => {
  const headers: Record<string, string> = {
    Via: `SIP/2.0/UDP 192.0.2.9:5060;branch=${options.branch ?? 'z9hG4bKpeer1'}`,
    From: '"Caller" <sip:+4930123@carrier.example>;tag=caller',
    To: '<sip:4000@center.example>',
    'Call-ID': 'call-1@carrier.example',
    CSeq: `1 ${method}`,
    'Max-Forwards': '70',
    ...options.headers,
  };
  return makeRequest(method, options.uri ?? 'sip:4000@center.example', headers);
};

/** A request as our user hands it to the layer: without Via. */
export const outgoing = (method: string, headers: Readonly<Record<string, string>> = {}): SipRequest =>
  makeRequest(method, 'sip:agent1@192.0.2.9', {
    From: '<sip:4000@center.example>;tag=ours',
    To: '<sip:agent1@192.0.2.9>',
    'Call-ID': 'call-2@center.example',
    CSeq: `7 ${method}`,
    ...headers,
  });

const makeRequest = (method: string, uri: string, headers: Readonly<Record<string, string>>): SipRequest => {
  const request = new SipRequest({ method, uri });
  for (const [name, value] of Object.entries(headers)) request.append(name, value);
  return request;
};

export const reply = (request: SipRequest, status: number, toTag = 'callee'): SipResponse =>
  SipResponse.from(request, status, { toTag });

/** Lets the promises of `send` settle. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

/** A layer on simulated time, with everything that it reported. */
export const makeLayer = () => {
  const clock = new SimulatedClock();
  const offered: ServerTransaction[] = [];
  const acks: SipRequest[] = [];
  const strays: SipResponse[] = [];
  const layer = new TransactionLayer({
    clock,
    log: silentLogger(),
    onRequest: (transaction) => void offered.push(transaction),
    onAck: (ack) => void acks.push(ack),
    onStrayResponse: (response) => void strays.push(response),
  });
  return { clock, layer, offered, acks, strays };
};

/** Handlers of a client transaction that write down what they are told. */
export const recordingHandlers = () => {
  const heard: string[] = [];
  return {
    heard,
    onProvisional: (response: SipResponse) => void heard.push(String(response.status)),
    onFinal: (response: SipResponse) => void heard.push(String(response.status)),
    onTimeout: () => void heard.push('timeout'),
    onTransportError: () => void heard.push('transport-error'),
    onTerminated: (end: string) => void heard.push(`end:${end}`),
  };
};

export const last = <Item>(items: readonly Item[]): Item => {
  const item = items.at(-1);
  if (item === undefined) throw new Error('the list is empty');
  return item;
};

export const asRequest = (message: SipMessage | undefined): SipRequest => {
  if (message?.kind !== 'request') throw new Error('not a request');
  return message;
};

export const asResponse = (message: SipMessage | undefined): SipResponse => {
  if (message?.kind !== 'response') throw new Error('not a response');
  return message;
};
