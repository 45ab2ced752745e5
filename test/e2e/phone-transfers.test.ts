/**
 * Desk phones give their callers away and pick up each other's calls: baresip as the phones that are heard, a phone on a
 * raw socket where baresip knows no such thing. Who hears whom afterwards is told by the sound alone.
 */
import { Baresip } from '../support/baresip';
import { callWithTone, untilAnswered, untilHearsTone } from '../support/caller';
import { TestAuthority } from '../support/certificates';
import { freePort } from '../support/free-port';
import { OfficePhone } from '../support/office-phone';
import { Product } from '../support/product';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const CALLER_HZ = 440;
const RECEPTION_HZ = 700;
const OFFICE_HZ = 1500;
const VAULT_HZ = 1000;
const PATIENCE_MS = 15_000;

let product: Product;
let authority: TestAuthority;
let tlsPort: number;
let reception: Baresip;
let office: Baresip;
let secretary: OfficePhone;

const addPhone = async (extension: string, settings: object): Promise<string> => {
  const phone = { extension, displayName: `Phone ${extension}`, ...settings };
  return (await product.admin<{ password: string }>('POST', '/phones', phone)).password;
};

const hears = (phone: Baresip, hz: number): Promise<unknown> =>
  until(`a phone to hear ${hz} Hz`, async () => hearsTone(await phone.heard(500), hz), PATIENCE_MS);

const startAll = async (): Promise<void> => {
  authority = new TestAuthority();
  authority.issue('edge');
  tlsPort = await freePort();
  const [certificate, key] = [authority.file('edge.pem'), authority.file('edge.key')];
  product = await Product.start({
    config: `tls:\n  certificate: ${certificate}\n  key: ${key}\n  sipPort: ${tlsPort}\n`,
  });
  const sipPort = product.ports.sip;
  const lifetimeMs = 300_000;
  reception = await Baresip.start({
    ...{ from: '2001', toneHz: RECEPTION_HZ, lifetimeMs },
    register: { password: await product.newPhonePassword('2001'), sipPort },
  });
  office = await Baresip.start({
    ...{ from: '2002', toneHz: OFFICE_HZ, autoAnswer: true, lifetimeMs },
    register: { password: await product.newPhonePassword('2002'), sipPort },
  });
  secretary = await OfficePhone.open({ extension: '2003', password: await addPhone('2003', {}), sipPort });
  await secretary.register();
  await Promise.all([reception.registered(), office.registered()]);
};

describeNeeding('baresip')('desk phones', () => {
  beforeAll(startAll, 180_000);

  afterAll(async () => {
    await Promise.all([reception, office, secretary].map((phone) => phone?.close()));
    await product?.stop();
    authority?.remove();
  }, 180_000);

  it('a blind transfer: the caller talks with whom the phone has named, and the phone is free', async () => {
    const from = '+49301001';
    const call = await callWithTone({ number: '2001', from, port: product.ports.sip, toneHz: CALLER_HZ });
    await reception.until('CALL_INCOMING');
    reception.accept();
    await untilAnswered(call);
    await untilHearsTone(call, RECEPTION_HZ, PATIENCE_MS);
    reception.transfer(`sip:2002@127.0.0.1:${product.ports.sip}`);
    await untilHearsTone(call, OFFICE_HZ, PATIENCE_MS);
    await hears(office, CALLER_HZ);
    await reception.until('CALL_CLOSED');
    await call.hangup();
    expect(await product.interactionFrom(from)).toMatchObject({
      transfers: [{ kind: 'blind', byExtension: '2001', to: { id: '2002' }, result: 'completed' }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
  }, 180_000);

  it('an attended transfer: REFER with Replaces joins both calls of the phone, which is told and let go', async () => {
    const from = '+49301002';
    const call = await callWithTone({ number: '2003', from, port: product.ports.sip, toneHz: CALLER_HZ });
    const first = await secretary.answer();
    await untilAnswered(call);
    const second = await secretary.call('2002');
    expect(await secretary.transfer(first, second)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK']);
    await untilHearsTone(call, OFFICE_HZ, PATIENCE_MS);
    await hears(office, CALLER_HZ);
    await call.hangup();
    expect(await product.interactionFrom(from)).toMatchObject({
      transfers: [{ kind: 'attended', byExtension: '2003', to: { id: '2002' }, result: 'completed' }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
    expect((await product.interactionFrom('2003')).outcome).toMatchObject({ reason: 'transferred' });
  }, 180_000);

  it('a directed pick-up: who watches a colleague takes the call that rings there', async () => {
    const from = '+49301003';
    await secretary.watch('2001');
    await secretary.untilLamp('2001', 'off');
    reception.events.length = 0;
    const call = await callWithTone({ number: '2001', from, port: product.ports.sip, toneHz: CALLER_HZ });
    const ringing = await secretary.ringingDialog('2001');
    const picked = await secretary.call('2001', { Replaces: `${ringing};early-only` });
    await untilAnswered(call);
    await reception.until('CALL_CLOSED');
    await secretary.hangUp(picked);
    expect(await product.interactionFrom(from)).toMatchObject({
      parties: [{ id: from }, { role: 'called', id: '2003' }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'called' },
    });
  }, 180_000);

  it('[TEL-09] a phone that takes SRTP only is called by TLS, and its voice is secured', async () => {
    const password = await addPhone('2004', { srtp: 'required' });
    const vault = await Baresip.start({
      ...{ from: '2004', toneHz: VAULT_HZ, transport: 'tls', secured: 'sdes', autoAnswer: true },
      register: { password, sipPort: tlsPort },
    });
    try {
      await vault.registered();
      const call = await callWithTone({
        number: '2004',
        from: '+49301004',
        port: product.ports.sip,
        toneHz: CALLER_HZ,
      });
      await untilAnswered(call);
      expect((await vault.until('CALL_MENC')).param).toContain('AES_CM_128_HMAC_SHA1_80');
      await untilHearsTone(call, VAULT_HZ, PATIENCE_MS);
      await hears(vault, CALLER_HZ);
      await call.hangup();
    } finally {
      await vault.close();
    }
  }, 180_000);
});
