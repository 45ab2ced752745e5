/** A trace as text: who said what to whom, with the messages below. */
import type { TracedMessageView } from '../contract/trace';

const nameOf = ({ address, port }: TracedMessageView['remote']): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const ladderText = (messages: readonly TracedMessageView[]): string => {
  const began = messages[0]?.atMs ?? 0;
  const lines = messages.map((message) => {
    const { atMs, direction, protocol, remote, text } = message;
    const arrow = direction === 'in' ? '-->' : '<--';
    const since = `${((atMs - began) / 1_000).toFixed(3)} s`.padStart(10);
    return `${since}  ${nameOf(remote)} ${arrow} us  ${protocol.toUpperCase()}  ${firstLineOf(text)}`;
  });
  const bodies = messages.map(
    (message, at) =>
      `--- ${at + 1}: ${new Date(message.atMs).toISOString()} ---\n${message.text.replace(/\r\n/g, '\n')}`,
  );
  return [...lines, '', ...bodies, ''].join('\n');
};

const firstLineOf = (text: string): string => text.slice(0, Math.max(0, text.indexOf('\r\n')));
