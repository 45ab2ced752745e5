/** Request handlers: for which methods a web server, or one listening app, is to say who takes a request. */

/** As drachtio-server's `request-handlers` are configured. */
export interface RequestHandlerOptions {
  /** A SIP method, or `*` for all that have no handler of their own. */
  readonly method: string;
  /** `http:` and `https:` are asked; `tcp:` and `tls:` name an app that listens, which gets every such request. */
  readonly url: string;
  /** With POST the SIP message is the body of the question. Default GET. */
  readonly httpMethod?: 'GET' | 'POST';
  /** Whether the certificate of an `https:` or `tls:` server must be valid. Default true. */
  readonly verifyPeer?: boolean;
}

/** The handler of a method: its own, else that of `*`. */
export const handlerFor = (
  handlers: readonly RequestHandlerOptions[],
  method: string,
): RequestHandlerOptions | undefined =>
  handlers.find((handler) => handler.method.toUpperCase() === method) ?? handlers.find(({ method: m }) => m === '*');
