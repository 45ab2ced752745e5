/** Call data that a flow wants to travel with the calls that are placed for its caller (RFC 7433). */
import { formatUserToUser, hexOfText, parseUserToUser } from '../signaling/sip/headers/user-to-user';
import type { Call } from './call';

/** Data of ours that names no package: plain text. */
const TEXT_PURPOSE = 'switchroom-text';

/** The header for an INVITE, of the variable `send-uui`: a whole header as RFC 7433 writes it, or text. */
export const userToUserHeaders = ({ variables }: Pick<Call, 'variables'>): Record<string, string> => {
  const value = variables.get('send-uui') ?? '';
  if (value === '') return {};
  const isHeader = !/[\r\n]/.test(value) && /;\s*(purpose|encoding|content)\s*=/i.test(value);
  const isReadable = isHeader && parseUserToUser(value).length > 0;
  const header = isReadable
    ? value
    : formatUserToUser({ data: hexOfText(value), purpose: TEXT_PURPOSE, content: undefined });
  return header === undefined ? {} : { 'User-to-User': header };
};
