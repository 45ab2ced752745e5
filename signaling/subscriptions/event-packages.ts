/** The event packages that phones may subscribe to, each with the document that its NOTIFY carries. */
import type { DialogName } from '../ports';
import { escapeUser } from '../sip/uri';
import type { ExtensionCall, ExtensionState, StateSource, WaitingMessages } from './extension-state';

export type PackageName = 'dialog' | 'presence' | 'message-summary';

/** What a document is about. */
export interface Watched {
  readonly extension: string;
  /** The host part of the extension's URI, as the subscriber wrote it. */
  readonly host: string;
}

export interface EventPackage {
  readonly name: PackageName;
  readonly contentType: string;
  /** How long a subscription lasts that asks for no time. */
  readonly defaultExpiresS: number;
  /** The state as a text that changes when it does; undefined when there is no such extension. */
  fingerprint(source: StateSource, extension: string): string | undefined;
  /** The whole state; `version` counts the notifications of one subscription from 0. */
  document(source: StateSource, watched: Watched, version: number): string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 allows no control characters, escaped or not. */
const xml = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f]/g, '').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const uriOf = ({ extension, host }: Watched): string => `sip:${escapeUser(extension)}@${host}`;

const UNREACHABLE: ExtensionState = { reachable: false, calls: [] };
const NO_MESSAGES: WaitingMessages = { newMessages: 0, oldMessages: 0, newUrgentMessages: 0, oldUrgentMessages: 0 };

/** One element for every telephone that rings, or one without tags as long as none has said anything. */
const dialogElements = (call: ExtensionCall, watched: Watched): string => {
  const { dialogs = [] } = call;
  if (dialogs.length === 0) return dialogElement(call, watched, { id: call.id });
  return dialogs.map((name, index) => dialogElement(call, watched, { id: idOf(call.id, index), name })).join('');
};

const idOf = (callId: string, index: number): string => (index === 0 ? callId : `${callId}-${index + 1}`);

/** RFC 4235, 4.1.1: the tags as the watched telephone has them. */
const namedBy = ({ callId, localTag, remoteTag }: DialogName): string =>
  ` call-id="${xml(callId)}" local-tag="${xml(localTag)}" remote-tag="${xml(remoteTag)}"`;

const dialogElement = (
  { direction, state, remote }: ExtensionCall,
  watched: Watched,
  of: { readonly id: string; readonly name?: DialogName },
): string => {
  const identity = `sip:${escapeUser(remote.number)}@${watched.host}`;
  const name = remote.displayName === undefined ? '' : ` display="${xml(remote.displayName)}"`;
  return [
    `<dialog id="${xml(of.id)}"${of.name ? namedBy(of.name) : ''} direction="${direction}">`,
    `<state>${state}</state>`,
    `<local><identity>${xml(uriOf(watched))}</identity><target uri="${xml(uriOf(watched))}"/></local>`,
    `<remote><identity${name}>${xml(identity)}</identity><target uri="${xml(identity)}"/></remote>`,
    '</dialog>',
  ].join('');
};

/** RFC 4235; always the full state, so that a lost notification costs nothing. */
const dialogPackage: EventPackage = {
  name: 'dialog',
  contentType: 'application/dialog-info+xml',
  defaultExpiresS: 3_600,
  fingerprint: (source, extension) => {
    const state = source.stateOf(extension);
    return state && JSON.stringify(state.calls);
  },
  document: (source, watched, version) => {
    const { calls } = source.stateOf(watched.extension) ?? UNREACHABLE;
    const attributes = `xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="full"`;
    const dialogs = calls.map((call) => dialogElements(call, watched)).join('');
    return `<?xml version="1.0" encoding="UTF-8"?>\r\n<dialog-info ${attributes} entity="${xml(uriOf(watched))}">${dialogs}</dialog-info>\r\n`;
  },
};

/** RFC 3863 with the activities of RFC 4480. */
const presencePackage: EventPackage = {
  name: 'presence',
  contentType: 'application/pidf+xml',
  defaultExpiresS: 3_600,
  fingerprint: (source, extension) => {
    const state = source.stateOf(extension);
    return state && JSON.stringify([state.reachable, state.calls.length > 0]);
  },
  document: (source, watched) => {
    const { reachable, calls } = source.stateOf(watched.extension) ?? UNREACHABLE;
    const uri = xml(uriOf(watched));
    const busy = calls.length > 0;
    const person = busy ? '<dm:person id="p1"><rpid:activities><rpid:on-the-phone/></rpid:activities></dm:person>' : '';
    const note = busy ? '<note>On the phone</note>' : '';
    return [
      '<?xml version="1.0" encoding="UTF-8"?>\r\n',
      '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"',
      ` xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="${uri}">`,
      `<tuple id="t1"><status><basic>${reachable ? 'open' : 'closed'}</basic></status>`,
      `<contact>${uri}</contact>${note}</tuple>${person}</presence>\r\n`,
    ].join('');
  },
};

/** RFC 3842. */
const messagePackage: EventPackage = {
  name: 'message-summary',
  contentType: 'application/simple-message-summary',
  defaultExpiresS: 3_600,
  fingerprint: (source, extension) => {
    const messages = source.messagesOf(extension);
    return messages && JSON.stringify(messages);
  },
  document: (source, watched) => {
    const counts = source.messagesOf(watched.extension) ?? NO_MESSAGES;
    const { newMessages, oldMessages, newUrgentMessages, oldUrgentMessages } = counts;
    return [
      `Messages-Waiting: ${newMessages > 0 ? 'yes' : 'no'}`,
      `Message-Account: ${uriOf(watched)}`,
      `Voice-Message: ${newMessages}/${oldMessages} (${newUrgentMessages}/${oldUrgentMessages})`,
      '',
    ].join('\r\n');
  },
};

export const EVENT_PACKAGES: readonly EventPackage[] = [dialogPackage, presencePackage, messagePackage];

/** Of an Event header, whose parameters belong to the subscription (RFC 6665, 8.2.1). */
export const packageOf = (event: string | undefined): EventPackage | undefined => {
  const name = (event ?? '').split(';')[0]?.trim().toLowerCase();
  return EVENT_PACKAGES.find((known) => known.name === name);
};

/** For a 489 (RFC 6665, 8.2.2). */
export const ALLOW_EVENTS = EVENT_PACKAGES.map(({ name }) => name).join(', ');
