/** What an INVITE tells about its call besides its parties: for the flow, for the history, for tracing it later. */
import type { IncomingInvite } from '../signaling/ports';
import { parseUserToUser, textOfUserToUser } from '../signaling/sip/headers/user-to-user';
import type { UserToUser } from '../signaling/sip/headers/user-to-user';
import type { CallTrace, UserToUserEntry } from '../store/interaction';

/** Longer values are of no use to a person who traces a call. */
const MAX_HEADER_LENGTH = 500;

const TRACED_HEADERS = ['from', 'p-asserted-identity', 'remote-party-id', 'diversion', 'history-info', 'via'] as const;

export const userToUserOf = (invite: IncomingInvite): UserToUser[] => parseUserToUser(invite.headers['user-to-user']);

export const asEntry = ({ data, encoding, purpose, content }: UserToUser): UserToUserEntry => ({
  data,
  encoding,
  purpose,
  ...(content !== undefined && { content }),
});

/** The flow's first variables. `number` is ours that was dialled, `suffix` what was dialled beyond it. */
export const variablesOf = (
  invite: IncomingInvite,
  dialled: { readonly number: string; readonly suffix: string },
): Record<string, string | undefined> => {
  const [uui] = userToUserOf(invite);
  return {
    caller: invite.from.number,
    'caller-name': invite.from.displayName,
    called: invite.to.number,
    number: dialled.number,
    suffix: dialled.suffix,
    uui: uui?.data,
    'uui-text': uui && textOfUserToUser(uui),
    'diverted-by': divertedBy(invite.headers.diversion),
  };
};

/** The user part of the last Diversion, who sent the call here (RFC 5806). */
const divertedBy = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : /(?:sips?|tel):([^@;>]{1,64})/.exec(header)?.[1];

/** Where the call came from, kept for a trace. */
export const traceOf = (invite: IncomingInvite): CallTrace => {
  const { address, port, protocol } = invite.source;
  const headers = TRACED_HEADERS.flatMap((name) => {
    const value = invite.headers[name];
    return value === undefined ? [] : [[name, value.slice(0, MAX_HEADER_LENGTH)] as const];
  });
  return { sipCallId: invite.callId, source: `${protocol}:${address}:${port}`, headers: Object.fromEntries(headers) };
};
