/** The certificate of the TLS doors, read from files and read again when they change, without a restart. */
import { readFileSync, statSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Clock, Timer } from '../../../base/clock';
import { messageOf, SwitchroomError } from '../../../base/errors';
import type { Logger } from '../../../base/log';

export interface TlsFiles {
  /** PEM: our certificate, with the chain up to (not including) the root behind it. */
  readonly certificateFile: string;
  /** PEM: its private key. */
  readonly keyFile: string;
  /** PEM: the authorities that peers' certificates are checked against; left out: those of the system. */
  readonly caFile?: string;
  /** Whether peers that connect to us must show a certificate of those authorities (mutual TLS). */
  readonly requirePeerCertificate?: boolean;
}

/** How often the files are looked at. */
const CHECK_PERIOD_MS = 2_000;

export class Certificates {
  private current: SecureContextOptions;
  private stamp: string;
  private readonly timer: Timer;
  private readonly listeners: ((options: SecureContextOptions) => void)[] = [];

  /** @throws SwitchroomError `bad_input` when the files cannot be read or do not fit together. */
  constructor(
    private readonly files: TlsFiles,
    private readonly deps: { readonly clock: Clock; readonly log: Logger },
  ) {
    try {
      this.stamp = stampOf(files);
      this.current = load(files);
    } catch (error) {
      const text = `TLS has no usable certificate: ${messageOf(error)}; check tls.certificate, tls.key and tls.ca.`;
      throw new SwitchroomError('bad_input', text, { cause: error });
    }
    this.timer = deps.clock.every(CHECK_PERIOD_MS, () => this.check());
  }

  get options(): SecureContextOptions {
    return this.current;
  }

  get requirePeerCertificate(): boolean {
    return this.files.requirePeerCertificate ?? false;
  }

  /** Calls the listener with each new certificate. */
  onChange(listener: (options: SecureContextOptions) => void): void {
    this.listeners.push(listener);
  }

  close(): void {
    this.timer.cancel();
  }

  /** Files that are half written do not fit together; the old certificate stays until they do. */
  private check(): void {
    try {
      const stamp = stampOf(this.files);
      if (stamp === this.stamp) return;
      this.current = load(this.files);
      this.stamp = stamp;
      for (const listener of this.listeners) listener(this.current);
      this.deps.log.info({ file: this.files.certificateFile }, 'the certificate was read again');
    } catch (error) {
      this.deps.log.warn({ err: error }, 'the new certificate cannot be used; the old one stays');
    }
  }
}

const load = ({ certificateFile, keyFile, caFile }: TlsFiles): SecureContextOptions => {
  const options: SecureContextOptions = {
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    minVersion: 'TLSv1.2',
  };
  createSecureContext(options);
  return options;
};

const stampOf = ({ certificateFile, keyFile, caFile }: TlsFiles): string =>
  [certificateFile, keyFile, ...(caFile === undefined ? [] : [caFile])]
    .map((file) => {
      const { mtimeMs, size, ino } = statSync(file);
      return `${mtimeMs}/${size}/${ino}`;
    })
    .join(' ');
