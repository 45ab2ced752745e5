/** Sends a caller's exchange elsewhere before the call is answered: 302 with contacts and with where it has been. */
import type { RedirectContact } from '../flows/document';
import type { Variables } from '../flows/variables';
import type { IncomingInvite } from '../signaling/ports';
import { parseUri } from '../signaling/sip/uri';

/** A call that has been sent on so often is going in a circle (RFC 5806, section 6.3 leaves the number to us). */
const MAX_DIVERSIONS = 10;

const MOVED_TEMPORARILY = 302;

/** False when nothing was sent: the call has been sent on too often, or no contact is a URI. */
export const redirectInvite = (
  invite: IncomingInvite,
  contacts: readonly RedirectContact[],
  variables: Variables,
): boolean => {
  const targets = contacts.flatMap(({ uri, q }) => {
    const filled = variables.fill(uri);
    return isUri(filled) ? [q === undefined ? `<${filled}>` : `<${filled}>;q=${q}`] : [];
  });
  if (targets.length === 0 || diversionsOf(invite) >= MAX_DIVERSIONS) return false;
  invite.reject(MOVED_TEMPORARILY, 'Moved Temporarily', {
    Contact: targets.join(', '),
    Diversion: diversionHeader(invite),
    'History-Info': historyHeader(invite),
  });
  return true;
};

/** The URI goes between angle brackets into a header. */
const isUri = (text: string): boolean => !/[\s<>"\\]/.test(text) && parseUri(text).ok;

const diversionsOf = ({ headers }: IncomingInvite): number => {
  const counts = [...(headers.diversion ?? '').matchAll(/;\s*counter\s*=\s*(\d{1,3})/gi)].map(([, count]) =>
    Number(count),
  );
  const entries = (headers.diversion ?? '').split('>').length - 1;
  const history = (headers['history-info'] ?? '').split('>').length - 1;
  return Math.max(entries, history, ...counts, 0);
};

/** RFC 5806, section 5: the diversion that is made now comes first. */
const diversionHeader = ({ uri, headers }: IncomingInvite): string => {
  const own = `<${bare(uri)}>;reason=unconditional;counter=1`;
  return headers.diversion === undefined ? own : `${own}, ${headers.diversion}`;
};

/** RFC 7044, section 9.3: whoever redirects tells the history as far as it is known, ending with the URI that was called. */
const historyHeader = ({ uri, headers }: IncomingInvite): string => {
  const earlier = headers['history-info'];
  if (earlier === undefined) return `<${bare(uri)}>;index=1`;
  const last = /;\s*index\s*=\s*([\d.]{1,40})(?!.*;\s*index\s*=)/is.exec(earlier)?.[1];
  return `${earlier}, <${bare(uri)}>;index=${last === undefined ? '1' : `${last}.1`}`;
};

const bare = (uri: string): string => uri.replace(/[\s<>"]/g, '');
