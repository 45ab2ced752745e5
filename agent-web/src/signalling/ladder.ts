/**
 * A call's SIP messages as a ladder: a column for each party, an arrow for each message.
 *
 * ```
 *   192.0.2.7:5060        Switchroom        10.0.0.4:5060
 *         │──── INVITE ───────►│                  │          +0.000
 *         │                    │──── INVITE ─────►│          +0.012
 *         │◄─── 200 INVITE ────│                  │          +2.345
 * ```
 */
import type { TracedMessageView } from '../../../api/contract/trace';

/** What an arrow says of how the call fares. */
export type ArrowTone = 'request' | 'provisional' | 'success' | 'challenge' | 'failure';

export interface Participant {
  /** Address and port, or `undefined` for ourselves. */
  readonly peer: string | undefined;
  readonly protocol: string | undefined;
}

export interface Arrow {
  /** Indices of columns. */
  readonly from: number;
  readonly to: number;
  /** The method of a request; status, reason and method of a response. */
  readonly label: string;
  readonly hasSdp: boolean;
  readonly tone: ArrowTone;
  /** Since the first message. */
  readonly offsetMs: number;
  readonly text: string;
}

export interface Ladder {
  readonly participants: readonly Participant[];
  readonly arrows: readonly Arrow[];
}

/** Who spoke first stands on the left, we beside it, everybody else on our right in the order of appearance. */
export const ladderOf = (messages: readonly TracedMessageView[]): Ladder => {
  const peers = new Map<string, Participant>();
  for (const { remote, protocol } of messages) {
    const peer = nameOf(remote);
    if (!peers.has(peer)) peers.set(peer, { peer, protocol });
  }
  const [first, ...others] = [...peers.values()];
  if (!first) return { participants: [], arrows: [] };
  const participants = [first, { peer: undefined, protocol: undefined }, ...others];
  const columns = new Map(participants.map(({ peer }, column) => [peer, column]));
  const beganMs = messages[0]?.atMs ?? 0;
  const arrows = messages.map((message): Arrow => {
    const remote = columns.get(nameOf(message.remote)) ?? 0;
    const [from, to] = message.direction === 'in' ? [remote, OURSELVES] : [OURSELVES, remote];
    return { from, to, offsetMs: message.atMs - beganMs, text: message.text, ...meaningOf(message.text) };
  });
  return { participants, arrows };
};

const OURSELVES = 1;

const nameOf = ({ address, port }: TracedMessageView['remote']): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const meaningOf = (text: string): Pick<Arrow, 'label' | 'hasSdp' | 'tone'> => {
  const hasSdp = /^v=0\r?$/m.test(text);
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(firstLine);
  if (!response) return { label: firstLine.split(' ', 1)[0] ?? '', hasSdp, tone: 'request' };
  const [, status = '', reason = ''] = response;
  const method = /^cseq[ \t]*:[ \t]*\d+[ \t]+(\S+)/im.exec(text)?.[1] ?? '';
  const label = [status, reason, method && `(${method})`].filter((part) => part !== '').join(' ');
  return { label, hasSdp, tone: toneOf(Number(status)) };
};

const toneOf = (status: number): ArrowTone => {
  if (status < 200) return 'provisional';
  if (status < 300) return 'success';
  // Asked for credentials: the ordinary way into a call, no failure of it.
  if (status === 401 || status === 407) return 'challenge';
  return status < 400 ? 'provisional' : 'failure';
};
