/** The question to a web server: what it needs to know about a request, as query arguments. */
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';

/**
 * The handler's URL with `method`, `domain`, `protocol`, `source_address`, `fromUser`, `toUser`, `uriUser`,
 * `contentType`, `uri` and the parameters of the Request-URI, as drachtio-server asks.
 *
 * Deviation: a URI parameter called like one of these is left out, since the caller chooses its value.
 */
export const questionFor = (url: string, request: SipRequest, connection: Connection): URL => {
  const question = new URL(url);
  if (!question.pathname.endsWith('/')) question.pathname += '/';
  const uri = request.readUri();
  const args: Record<string, string> = {
    method: request.method,
    domain: uri.ok ? uri.value.host : '',
    protocol: connection.protocol,
    source_address: connection.remote.address,
    fromUser: request.from.uri.user ?? '',
    toUser: request.to.uri.user ?? '',
    uriUser: uri.ok ? (uri.value.user ?? '') : '',
    contentType: request.get('Content-Type') ?? '',
    uri: request.uri,
  };
  for (const [name, value] of Object.entries(args)) question.searchParams.set(name, value);
  for (const [name, value] of uri.ok ? uri.value.params : []) {
    if (!question.searchParams.has(name)) question.searchParams.append(name, value ?? '');
  }
  return question;
};
