/** Which headers of an app's message go out, and what the edge sets itself. */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Connection } from '../sip/connection';
import type { SipRequest, SipResponse } from '../sip/message';
import type { AppMessage } from './control/app-message';
import { headerOf } from './control/app-message';
import { replaceLocalhost } from './own-address';

/** Set by the edge alone: they tie messages to transactions and dialogs. */
const OURS = new Set(['via', 'from', 'to', 'call-id', 'cseq', 'content-length', 'record-route', 'max-forwards']);

/** Headers in which `localhost` stands for us. */
const NAMES_US = new Set(['contact', 'p-asserted-identity', 'remote-party-id', 'refer-to', 'referred-by', 'diversion']);

/**
 * Adds the app's headers and body to a message that already has its dialog's. Headers that the edge sets are passed
 * over in silence: drachtio-srf sends some of them with every response.
 * Errors: `bad_input` for a body without Content-Type that is not SDP.
 */
export const addAppContent = (
  message: SipRequest | SipResponse,
  app: AppMessage,
  connection: Connection,
): Result<void> => {
  for (const { name, key, value } of app.headers) {
    if (OURS.has(key) || (key === 'route' && message.has('Route'))) continue;
    message.append(name, NAMES_US.has(key) ? replaceLocalhost(name, value, connection) : value);
  }
  if (app.body === '') return ok(undefined);
  if (headerOf(app, 'content-type') === undefined) {
    if (!app.body.startsWith('v=0')) return fail('bad_input', 'missing content-type');
    message.append('Content-Type', 'application/sdp');
  }
  message.body = Buffer.from(app.body, 'utf8');
  return ok(undefined);
};
