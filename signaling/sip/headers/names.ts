/** Header names: canonical spelling, compact form, and whether the value is a comma list (RFC 3261, 7.3 and 20). */

export interface HeaderName {
  /** Lower-case long name: the key under which the header is found. */
  readonly key: string;
  /** The spelling that we write. */
  readonly name: string;
  /** Whether several values may stand in one field, separated by commas. */
  readonly list: boolean;
}

const SINGLE: readonly (readonly [string, string?])[] = [
  ['Call-ID', 'i'],
  ['Content-Length', 'l'],
  ['Content-Type', 'c'],
  ['CSeq'],
  ['Date'],
  ['Event', 'o'],
  ['Expires'],
  ['From', 'f'],
  ['Identity', 'y'],
  ['Max-Forwards'],
  ['MIME-Version'],
  ['Min-Expires'],
  ['Min-SE'],
  ['Organization'],
  ['Priority'],
  ['RAck'],
  ['Refer-To', 'r'],
  ['Referred-By', 'b'],
  ['Replaces'],
  ['Reply-To'],
  ['Request-Disposition', 'd'],
  ['Retry-After'],
  ['RSeq'],
  ['Server'],
  ['Session-Expires', 'x'],
  ['SIP-ETag'],
  ['SIP-If-Match'],
  ['Subject', 's'],
  ['Subscription-State'],
  ['Timestamp'],
  ['To', 't'],
  ['User-Agent'],
  ['Content-Disposition'],
  // Challenges and credentials contain commas of their own and are never combined (RFC 3261, 7.3.1).
  ['Authorization'],
  ['Authentication-Info'],
  ['Proxy-Authenticate'],
  ['Proxy-Authorization'],
  ['WWW-Authenticate'],
];

const LISTS: readonly (readonly [string, string?])[] = [
  ['Accept'],
  ['Accept-Contact', 'a'],
  ['Accept-Encoding'],
  ['Accept-Language'],
  ['Alert-Info'],
  ['Allow'],
  ['Allow-Events', 'u'],
  ['Call-Info'],
  ['Contact', 'm'],
  ['Content-Encoding', 'e'],
  ['Content-Language'],
  ['Diversion'],
  ['Error-Info'],
  ['History-Info'],
  ['In-Reply-To'],
  ['P-Asserted-Identity'],
  ['P-Preferred-Identity'],
  ['Path'],
  ['Proxy-Require'],
  ['Reason'],
  ['Record-Route'],
  ['Reject-Contact', 'j'],
  ['Require'],
  ['Route'],
  ['Service-Route'],
  ['Supported', 'k'],
  ['Unsupported'],
  ['Via', 'v'],
  ['Warning'],
];

const BY_SPELLING = new Map<string, HeaderName>();
const define = (entries: typeof SINGLE, list: boolean): void => {
  for (const [name, compact] of entries) {
    const entry = { key: name.toLowerCase(), name, list };
    for (const spelling of [name, entry.key]) BY_SPELLING.set(spelling, entry);
    if (compact) for (const spelling of [compact, compact.toUpperCase()]) BY_SPELLING.set(spelling, entry);
  }
};
define(SINGLE, false);
define(LISTS, true);

/** What is known of a header name in any case or compact form; an unknown name is its own lower-case key. */
export const headerName = (spelling: string): HeaderName => {
  const known = BY_SPELLING.get(spelling);
  if (known) return known;
  const key = spelling.toLowerCase();
  return BY_SPELLING.get(key) ?? { key, name: spelling, list: false };
};

/** The key of a header name in any case or compact form. */
export const headerKey = (spelling: string): string => headerName(spelling).key;
