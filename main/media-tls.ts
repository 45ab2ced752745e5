/** The certificates by which the app and media processes on other machines know each other. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, SwitchroomError } from '../base/errors';
import type { MutualTls } from '../media/connection';

/** Absolute paths of PEM files. */
export type MediaTlsFiles = { readonly [Part in keyof MutualTls]: string };

/** Undefined unless all three are configured. */
export const mediaTlsFilesOf = (tls: {
  readonly [Part in keyof MutualTls]?: string | undefined;
}): MediaTlsFiles | undefined => {
  const { certificate, key, ca } = tls;
  if (certificate === undefined || key === undefined || ca === undefined) return undefined;
  return { certificate: resolve(certificate), key: resolve(key), ca: resolve(ca) };
};

/** @throws SwitchroomError `bad_input` that names the key and the file which cannot be read. */
export const readMediaTls = (files: MediaTlsFiles): MutualTls => ({
  certificate: readPem('certificate', files.certificate),
  key: readPem('key', files.key),
  ca: readPem('ca', files.ca),
});

const readPem = (part: keyof MutualTls, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SwitchroomError('bad_input', `media.tls.${part}: ${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
};
