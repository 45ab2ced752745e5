/** What an app may ask of the edge: the client's half of drachtio's wire protocol, one variant a message type. */
import type { AppMessage, AppRequest, AppResponse } from './app-message';
import { parseAppMessage } from './app-message';
import type { ExtensionCommand } from './extension';
import { parseExtension } from './extension';
import { ControlFormatError } from './frame';
import type { ProxyCommand } from './proxy-command';
import { parseProxyCommand } from './proxy-command';

export type Command =
  | { readonly kind: 'authenticate'; readonly id: string; readonly secret: string; readonly tags: readonly string[] }
  | { readonly kind: 'route'; readonly id: string; readonly verb: string }
  | { readonly kind: 'remove_route'; readonly id: string; readonly verb: string }
  | { readonly kind: 'ping'; readonly id: string }
  | RequestCommand
  | RequestInDialogCommand
  | CancelCommand
  | RespondCommand
  | ProxyCommand
  | ExtensionCommand
  | { readonly kind: 'unsupported'; readonly id: string; readonly name: string }
  | { readonly kind: 'malformed'; readonly id: string; readonly reason: string };

/** A request outside of a dialog. `proxy` is a URI to send it to instead of its Request-URI. */
export interface RequestCommand {
  readonly kind: 'request';
  readonly id: string;
  readonly message: AppRequest;
  readonly proxy: string | undefined;
}

export interface RequestInDialogCommand {
  readonly kind: 'request_in_dialog';
  readonly id: string;
  readonly dialogId: string;
  readonly message: AppRequest;
}

export interface CancelCommand {
  readonly kind: 'cancel';
  readonly id: string;
  readonly transactionId: string;
  readonly message: AppRequest;
}

export interface RespondCommand {
  readonly kind: 'respond';
  readonly id: string;
  readonly transactionId: string;
  readonly message: AppResponse;
}

/**
 * Reads one message: `id|type|…` up to the first line break, a SIP message behind it for type `sip`.
 * @throws ControlFormatError when there is no id and type, so that no answer could be addressed.
 */
export const parseCommand = (text: string): Command => {
  const lineEnd = text.indexOf('\r\n');
  const tokens = (lineEnd < 0 ? text : text.slice(0, lineEnd)).split('|');
  const [id = '', kind, first = ''] = tokens;
  if (!/^[\w-]{1,64}$/.test(id) || kind === undefined) throw new ControlFormatError('a message has no id and type');
  switch (kind) {
    case 'authenticate':
      return { kind, id, secret: first, tags: (tokens[3] ?? '').split(',').filter((tag) => tag !== '') };
    case 'route':
    case 'remove_route':
      return { kind, id, verb: first.toLowerCase() };
    case 'ping':
      return { kind, id };
    case 'sip':
      return parseSipCommand(id, tokens, lineEnd < 0 ? '' : text.slice(lineEnd + 2));
    case 'proxy':
      return parseProxy(id, tokens, lineEnd < 0 ? '' : text.slice(lineEnd + 2));
    case 'extension':
      return readExtension(id, first, lineEnd < 0 ? '' : text.slice(lineEnd + 2));
    default:
      return { kind: 'unsupported', id, name: kind.slice(0, 32) };
  }
};

/** The message itself tells what is meant: a response, a request within a dialog, a CANCEL, or a new request. */
const parseSipCommand = (id: string, tokens: readonly string[], sip: string): Command => {
  const [, , transactionId = '', dialogId = '', proxy] = tokens;
  const message = readAppMessage(sip);
  if (message instanceof ControlFormatError) return { kind: 'malformed', id, reason: message.message };
  if (message.kind === 'response') return { kind: 'respond', id, transactionId, message };
  if (message.method === 'CANCEL') return { kind: 'cancel', id, transactionId, message };
  if (dialogId !== '') return { kind: 'request_in_dialog', id, dialogId, message };
  return { kind: 'request', id, message, proxy: proxy === undefined || proxy === '' ? undefined : proxy };
};

const parseProxy = (id: string, tokens: readonly string[], sip: string): Command => {
  const message = readAppMessage(sip);
  if (message instanceof ControlFormatError) return { kind: 'malformed', id, reason: message.message };
  const command = parseProxyCommand(id, tokens, message);
  return typeof command === 'string' ? { kind: 'malformed', id, reason: command } : command;
};

const readExtension = (id: string, name: string, json: string): Command => {
  try {
    return parseExtension(id, name, json);
  } catch (error) {
    if (error instanceof ControlFormatError) return { kind: 'malformed', id, reason: error.message };
    throw error;
  }
};

const readAppMessage = (sip: string): AppMessage | ControlFormatError => {
  try {
    return parseAppMessage(sip);
  } catch (error) {
    if (error instanceof ControlFormatError) return error;
    throw error;
  }
};
