/** What of a traced message may be shown: no credentials, no keys, no digits that somebody pressed. */

/** Everything but the scheme. */
const CREDENTIALS = /^((?:proxy-)?authorization[ \t]*:[ \t]*\w+)[ \t][^\r\n]*(?:\r\n[ \t][^\r\n]*)*/gim;

/** SRTP keys, and the password of ICE, by which media could be heard or taken over. */
const SDP_SECRETS = /^(a=crypto:\S+ \S+ inline:|a=ice-pwd:)[^\r\n]*/gim;

/**
 * Bodies that carry what a caller keys in, such as a PIN: those of every INFO, whatever their type is called, and of key
 * presses that were subscribed to (RFC 4730).
 */
const DIGITS =
  /^INFO |\n(?:content-type|c)[ \t]*:[ \t]*application\/(?:dtmf|kpml-response|vnd\.nortelnetworks\.digits)\b/i;

const HIDDEN = '***';

/** @param withBodies false leaves of a body only its size. */
export const shownText = (message: Buffer, withBodies: boolean): string => {
  const text = message.toString('utf8');
  const headEnd = text.indexOf('\r\n\r\n');
  const head = headEnd < 0 ? text : text.slice(0, headEnd);
  const body = headEnd < 0 ? '' : text.slice(headEnd + 4);
  const shownHead = head.replace(CREDENTIALS, `$1 ${HIDDEN}`);
  if (body === '') return `${shownHead}\r\n\r\n`;
  if (!withBodies || DIGITS.test(head)) return `${shownHead}\r\n\r\n(${Buffer.byteLength(body)} bytes)`;
  return `${shownHead}\r\n\r\n${body.replace(SDP_SECRETS, `$1${HIDDEN}`)}`;
};
