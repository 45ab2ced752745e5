/** SIP over TLS with SRTP, from a phone that is not ours: neither its signaling nor its voice can be read on the way. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { Baresip } from '../support/baresip';
import type { BaresipOptions } from '../support/baresip';
import { TestAuthority } from '../support/certificates';
import { freePort } from '../support/free-port';
import { Product } from '../support/product';
import { levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const AUDIBLE_DBFS = -40;

let product: Product;
let authority: TestAuthority;
let tlsPort: number;
const phones: Baresip[] = [];

const start = async (options: BaresipOptions): Promise<Baresip> => {
  const phone = await Baresip.start({ transport: 'tls', secured: 'sdes', ...options });
  phones.push(phone);
  return phone;
};

/** Calls the main number, hears its greeting, chooses the sales queue, and hangs up. */
const callTheMenu = async (phone: Baresip, from: string): Promise<void> => {
  await phone.call('4000', tlsPort);
  await until('the greeting', async () => levelDbfs(await phone.heard(500)) > AUDIBLE_DBFS, 30_000);
  expect((await phone.until('CALL_MENC')).param).toContain('AES_CM_128_HMAC_SHA1_80');
  await phone.press('2');
  await until(
    `the digit of ${from}`,
    async () => (await product.history()).some(({ caller, digits }) => caller.number === from && digits.includes('2')),
    30_000,
  );
  phone.hangUp();
  const ended = await product.interactionFrom(from);
  expect(ended).toMatchObject({ digits: ['2'], outcome: { result: 'abandoned' } });
};

describeNeeding('baresip')('a phone with TLS and SRTP', () => {
  beforeAll(async () => {
    authority = new TestAuthority();
    authority.issue('edge');
    tlsPort = await freePort();
    const [certificate, key] = [authority.file('edge.pem'), authority.file('edge.key')];
    product = await Product.start({
      config: `tls:\n  certificate: ${certificate}\n  key: ${key}\n  sipPort: ${tlsPort}\n`,
    });
  }, 180_000);

  afterEach(() => Promise.all(phones.splice(0).map((phone) => phone.close())));

  afterAll(async () => {
    await product?.stop();
    authority.remove();
  }, 180_000);

  it('[TEL-09] calls the main number, hears the greeting, and presses a key', async () => {
    const caller = await start({ from: '+4930123456' });
    await callTheMenu(caller, '+4930123456');
  }, 180_000);

  it('registers with its password, and calls in its own name', async () => {
    const phone = await start({
      from: '2001',
      register: { password: await product.newPhonePassword('2001'), sipPort: tlsPort },
    });
    await phone.registered();
    await callTheMenu(phone, '2001');
  }, 180_000);

  it('shows the configured certificate, which the authority vouches for', async () => {
    const ca = readFileSync(authority.file('ca.pem'));
    const socket = connect({ host: '127.0.0.1', port: tlsPort, ca });
    try {
      await new Promise<void>((resolve, reject) => void socket.once('secureConnect', resolve).once('error', reject));
      expect(socket.getPeerCertificate().subject.CN).toBe('edge');
    } finally {
      socket.destroy();
    }
  });
});
