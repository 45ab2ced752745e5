/**
 * What the embedded edge can do and drachtio-server cannot: one more command of the wire protocol, that apps may leave
 * alone.
 *
 * ```
 * app  ► id|extension|name CRLF json
 * edge ► id|response|id-of-the-command|OK| CRLF json        or  …|NOK|reason
 * ```
 *
 * An app knows that it may use it by the version that it is told when it authenticates: {@link EXTENSION_MARK} stands
 * behind the number. What the edge tells by itself comes as a notice, see `signaling/edge/notice.ts`.
 */
import { messageOf } from '../../../base/errors';
import { ControlFormatError } from './frame';

/** Behind the protocol's version; drachtio-srf reads the three numbers only. */
export const EXTENSION_MARK = '+switchroom';

export interface ExtensionCommand {
  readonly kind: 'extension';
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** @throws ControlFormatError when the name or the JSON cannot be read. */
export const parseExtension = (id: string, name: string, json: string): ExtensionCommand => {
  if (!/^[a-z][a-z-]{0,31}$/.test(name)) throw new ControlFormatError('an extension has no name');
  try {
    return { kind: 'extension', id, name, input: json === '' ? undefined : (JSON.parse(json) as unknown) };
  } catch (error) {
    throw new ControlFormatError(`the input of the extension ${name} is no JSON: ${messageOf(error)}`);
  }
};
