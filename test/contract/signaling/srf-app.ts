/** drachtio-srf 5 as its documentation describes it, where its own types leave things out. */
import type Srf from 'drachtio-srf';

export type Headers = Record<string, string>;

export interface SentRequest {
  readonly method: string;
  readonly stackTxnId: string;
  get(name: string): string;
  cancel(options?: { headers: Headers }, callback?: (error: unknown) => void): void;
  on(event: 'response', listener: (res: Received, ack: (options?: object) => void) => void): void;
}

/** A request or response as the app sees it. */
export interface Received {
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  readonly uri: string;
  readonly body: string;
  readonly raw: string;
  readonly payload: readonly { readonly type: string; readonly content: string }[];
  readonly source: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly protocol: string;
  readonly stackTime: string;
  readonly stackTxnId: string;
  readonly stackDialogId: string;
  readonly receivedOn: string;
  readonly server: { readonly address: string; readonly hostport: string };
  readonly callingNumber: string;
  readonly calledNumber: string;
  get(name: string): string;
  has(name: string): boolean;
  getParsedHeader(name: string): { readonly uri: string; readonly params: Record<string, string> };
  on(event: string, listener: (...args: never[]) => void): void;
}

export interface Answer {
  send(
    status: number,
    options?: { headers?: Headers; body?: string },
    callback?: (error: unknown, sent: unknown) => void,
    onAcknowledged?: (request: Received) => void,
  ): void;
}

export type Handler = (req: Received, res: Answer) => void;

export interface Dialog {
  readonly id: string;
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly local: { readonly sdp: string; readonly contact: string };
  readonly remote: { readonly sdp: string };
  readonly onHold: boolean;
  readonly connected: boolean;
  destroy(options?: { headers: Headers }): Promise<SentRequest>;
  modify(sdp: string | { noAck: boolean }, options?: object): Promise<unknown>;
  request(options: { method: string; headers?: Headers; body?: string; auth?: object }): Promise<Received>;
  on(event: 'destroy', listener: (request: Received, reason: string) => void): this;
  on(event: 'ack' | 'refresh' | 'hold' | 'unhold', listener: (request: Received) => void): this;
  on(event: string, listener: Handler): this;
  once(event: string, listener: (request: Received) => void): this;
}

export interface App {
  invite(handler: Handler): void;
  register(handler: Handler): void;
  subscribe(handler: Handler): void;
  message(handler: Handler): void;
  notify(handler: Handler): void;
  refer(handler: Handler): void;
  publish(handler: Handler): void;
  prack(handler: Handler): void;
  use(method: string, handler: (req: Received, res: Answer, next: () => void) => void): void;
  createUAS(req: Received, res: Answer, options: object): Promise<Dialog>;
  createUAC(uri: string, options: object, progress?: object): Promise<Dialog>;
  createB2BUA(
    req: Received,
    res: Answer,
    uri: string,
    options?: object,
    progress?: object,
  ): Promise<{ readonly uas: Dialog; readonly uac: Dialog }>;
  proxyRequest(req: Received, targets: string | string[], options?: object): Promise<unknown>;
  request(uri: string, options: object): Promise<SentRequest>;
  findDialogById(id: string): Dialog | undefined;
  findDialogByCallIDAndFromTag(callId: string, tag: string): Dialog | undefined;
}

export const appOf = (srf: Srf): App => srf as unknown as App;

/** The final response to a request that the app sent. */
export const finalOf = (request: SentRequest): Promise<Received> =>
  new Promise((resolve) => request.on('response', (res) => res.status >= 200 && resolve(res)));

/** A promise, and what settles it. */
export const deferred = <Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } => {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
};
