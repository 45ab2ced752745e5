/** Certificates of an authority that only the tests know, made with openssl in a folder of their own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

const openssl = (args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });

export class TestAuthority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));

  constructor() {
    const about = ['-days', '2', '-subj', '/CN=authority', '-keyout', this.file('ca.key'), '-out', this.file('ca.pem')];
    openssl(['req', '-x509', ...CURVE, ...about]);
    writeFileSync(this.file('san.cnf'), 'subjectAltName=IP:127.0.0.1');
  }

  /** The path of a file; `ca.pem` is the authority's certificate, `NAME.pem` and `NAME.key` are an issued one. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a certificate for 127.0.0.1 with this common name. */
  issue(name: string): void {
    const request = ['-subj', `/CN=${name}`, '-keyout', this.file(`${name}.key`), '-out', this.file(`${name}.csr`)];
    openssl(['req', ...CURVE, ...request]);
    const sign = ['-in', this.file(`${name}.csr`), '-CA', this.file('ca.pem'), '-CAkey', this.file('ca.key')];
    const how = ['-CAcreateserial', '-days', '2', '-extfile', this.file('san.cnf'), '-out', this.file(`${name}.pem`)];
    openssl(['x509', '-req', ...sign, ...how]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
