/** As much of drachtio-srf 5 as is used here, typed as it behaves; its own types leave half of it out. */

export interface SrfMessage {
  /** By lower-case name, lines of the same name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  get(name: string): string | undefined;
}

export interface SrfRequest extends SrfMessage {
  readonly method: string;
  readonly uri: string;
  /** `application` for what the server did by itself; never for what came from the network. */
  readonly source: 'network' | 'application';
  readonly source_address: string;
  readonly source_port: number;
  readonly protocol: string;
  /** When it came to the server, as the time of its day: `13:05:59.123456`. */
  readonly stackTime?: string | undefined;
  /** The transaction, as the server names it. */
  readonly stackTxnId: string;
  /** The dialog that the server has put it into; absent or empty outside of dialogs. */
  readonly stackDialogId?: string | undefined;
  on(event: 'cancel', listener: () => void): void;
  on(event: 'response', listener: (response: SrfResponse, ack: (options?: { body: string }) => void) => void): void;
  /** Of a request we sent: sends CANCEL. */
  cancel(callback: (error: unknown) => void): void;
}

export interface SrfSendOptions {
  readonly body?: string;
  headers?: Record<string, string>;
}

export interface SrfResponse extends SrfMessage {
  readonly status: number;
  readonly reason: string;
  readonly source_address: string;
  readonly source_port: number;
  /** With the dialog that it has begun, once it is sent. */
  readonly meta?: { readonly dialogId?: string | undefined } | undefined;
  send(status: number, options?: SrfSendOptions, sent?: (error: unknown, response?: SrfMessage) => void): void;
  send(status: number, reason: string | undefined, options?: SrfSendOptions): void;
}

export interface SrfDialog {
  readonly id: string;
  readonly type: 'uas' | 'uac';
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly local: { sdp: string; readonly contact: string | undefined };
  /** The URI is the Contact with which the dialog began. */
  readonly remote: { sdp: string | undefined; readonly uri: string };
  readonly socket: unknown;
  /** What has made it: of a call of ours the 2xx. */
  readonly res: SrfMessage;
  readonly agent: {
    request(options: Record<string, unknown>, callback: (error: unknown, request?: SrfRequest) => void): void;
  };
  on(event: 'destroy', listener: (bye: SrfRequest, reason?: string) => void): void;
  on(event: 'ack', listener: (ack: SrfRequest) => void): void;
  on(
    event: 'modify' | 'update' | 'info' | 'refer' | 'notify',
    listener: (req: SrfRequest, res: SrfResponse) => void,
  ): void;
  /** While true, what arrives waits. */
  queueRequests: boolean;
  /** Takes a request that has arrived for it. */
  handle(req: SrfRequest, res: SrfResponse): void;
  request(
    options: { method: string; headers: Record<string, string>; body?: string },
    callback: (error: unknown, response?: SrfResponse) => void,
  ): void;
  destroy(options: { headers?: Record<string, string> }, callback: (error: unknown) => void): void;
}

export interface CreateUacOptions {
  localSdp: string;
  proxy?: string;
  headers: Record<string, string>;
}

export type SrfHandler = (req: SrfRequest, res: SrfResponse, next: () => void) => void;

export interface SrfClient {
  connect(options: {
    host: string;
    port: number;
    secret: string;
    enablePing: boolean;
    pingInterval: number;
    tags: string[];
    reconnect: { retryMaxDelay: number };
  }): void;
  on(event: 'connect', listener: (error: Error | null, hostport?: string, version?: string) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'close', listener: () => void): void;
  /** For every method; routes nothing by itself. */
  use(handler: SrfHandler): void;
  invite(handler: SrfHandler): void;
  register(handler: SrfHandler): void;
  subscribe(handler: SrfHandler): void;
  createUAS(
    req: SrfRequest,
    res: SrfResponse,
    options: { localSdp?: string; headers?: Record<string, string> },
    callback: (error: unknown, dialog?: SrfDialog) => void,
  ): void;
  createUAC(
    uri: string,
    options: CreateUacOptions,
    progress: {
      cbRequest: (error: unknown, request?: SrfRequest) => void;
      cbProvisional: (response: SrfResponse) => void;
    },
    callback: (error: unknown, dialog?: SrfDialog) => void,
  ): void;
  /** A request outside of dialogs, or within the one of that id; its URI is then the dialog's. */
  request(
    uri: string,
    options: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly stackDialogId?: string;
    },
    callback: (error: unknown, request?: SrfRequest) => void,
  ): void;
  addDialog(dialog: SrfDialog): void;
  removeDialog(dialog: SrfDialog): void;
  findDialogById(id: string): SrfDialog | undefined;
}
