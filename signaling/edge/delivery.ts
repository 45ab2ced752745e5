/** Messages on their way to an app. */
import type { Clock } from '../../base/clock';
import type { Connection } from '../sip/connection';
import type { SipMessage } from '../sip/message';
import type { MessageMeta } from './control/meta';
import type { Delivery } from './control/session';

/** An app, or one of its connections. */
export interface Recipient {
  deliver(delivery: Delivery): void;
}

/** What the app is told about a message beside its text. */
export const metaOf = (
  source: MessageMeta['source'],
  message: { readonly text: string; readonly connection: Connection; readonly clock: Clock },
): MessageMeta => ({
  source,
  bytes: Buffer.byteLength(message.text),
  protocol: message.connection.protocol,
  address: message.connection.remote.address,
  port: message.connection.remote.port,
  atMs: message.clock.nowMs(),
});

export interface NetworkMessage {
  readonly message: SipMessage;
  readonly connection: Connection;
  readonly transactionId: string;
  readonly dialogId: string;
}

/** Hands the app a message that came from the network. */
export const deliver = (recipient: Recipient, clock: Clock, from: NetworkMessage): void => {
  const text = from.message.toText();
  recipient.deliver({
    meta: metaOf('network', { text, connection: from.connection, clock }),
    transactionId: from.transactionId,
    dialogId: from.dialogId,
    receivedOn: from.connection.local,
    text,
  });
};

/**
 * Tells the app of something that the edge did by itself, as a request of source `application` in a transaction called
 * `unsolicited`. No message from the network can have that source, so that nobody outside can pretend.
 */
export const deliverUnsolicited = (
  recipient: Recipient,
  clock: Clock,
  of: { readonly message: SipMessage; readonly connection: Connection; readonly dialogId: string },
): void => {
  const text = of.message.toText();
  recipient.deliver({
    meta: metaOf('application', { text, connection: of.connection, clock }),
    transactionId: 'unsolicited',
    dialogId: of.dialogId,
    text,
  });
};
