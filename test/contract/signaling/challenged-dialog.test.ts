/** Requests of ours within a dialog that a trunk challenges (RFC 3261, 22.2 and 22.3): re-INVITE, REFER, INFO, BYE. */
import { createHash } from 'node:crypto';
import type { SipDialog } from '../../../signaling/ports';
import { parseAuth } from '../../../signaling/sip/headers/auth';
import type { SipRequest } from '../../../signaling/sip/message';
import { GatewayBench } from './gateway-bench';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';

let bench: GatewayBench;
let peer: SipPeer;

beforeEach(async () => {
  bench = await GatewayBench.start({ credentials: { username: 'bob', password: 'zanzibar' } });
  ({ peer } = bench);
});
afterEach(() => bench.close());

const callIn = async (): Promise<SipDialog> => (await bench.callIn()).dialog;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether the credentials answer the challenge with this nonce, computed here from RFC 7616 alone. */
const isProof = (request: SipRequest, nonce: string): boolean => {
  const parsed = parseAuth(request.get('Proxy-Authorization') ?? '');
  if (!parsed.ok) return false;
  const value = (name: string): string => parsed.value.params.get(name) ?? '';
  const ha2 = sha256(`${request.method}:${value('uri')}`);
  const expected = sha256(
    `${sha256('bob:c:zanzibar')}:${nonce}:${value('nc')}:${value('cnonce')}:${value('qop')}:${ha2}`,
  );
  return value('uri') === request.uri && value('nonce') === nonce && value('response') === expected;
};

/** Challenges the next request of this method, and returns the one that comes with proof. */
const challenged = async (method: string, nonce: string): Promise<SipRequest> => {
  const first = await peer.nextRequest(method);
  const challenge = `Digest realm="c", nonce="${nonce}", algorithm=SHA-256, qop="auth"${nonce === 'n1' ? '' : ', stale=true'}`;
  peer.send(peer.response(first, 407, undefined, [['Proxy-Authenticate', challenge]]));
  if (method === 'INVITE') await peer.nextRequest('ACK');
  const again = await peer.nextRequest(method);
  expect(again.cseq.number).toBeGreaterThan(first.cseq.number);
  expect(again.callId).toBe(first.callId);
  expect(isProof(again, nonce)).toBe(true);
  return again;
};

it('a re-INVITE, a key and the BYE are sent again with the trunk’s credentials', async () => {
  const dialog = await callIn();
  const changed = dialog.modify(OFFER);
  peer.send(peer.response(await challenged('INVITE', 'n1'), 200, ANSWER));
  await peer.nextRequest('ACK');
  expect(await changed).toEqual({ ok: true, value: ANSWER });

  const pressed = dialog.sendDigit({ digit: '5', durationMs: 100 });
  const info = await challenged('INFO', 'n2');
  expect(info.body.toString()).toContain('Signal=5');
  peer.send(peer.response(info, 200));
  expect(await pressed).toMatchObject({ ok: true });

  const hungUp = dialog.hangup('SIP;cause=200');
  const bye = await challenged('BYE', 'n3');
  expect(bye.get('Reason')).toBe('SIP;cause=200');
  peer.send(peer.response(bye, 200));
  await hungUp;
}, 20_000);

it('credentials that were taken once go along from the start', async () => {
  const dialog = await callIn();
  const pressed = dialog.sendDigit({ digit: '1', durationMs: 100 });
  peer.send(peer.response(await challenged('INFO', 'n1'), 200));
  await pressed;
  const hungUp = dialog.hangup();
  const bye = await peer.nextRequest('BYE');
  expect(isProof(bye, 'n1')).toBe(true);
  peer.send(peer.response(bye, 200));
  await hungUp;
});

it('credentials that are refused end the attempt: the call is over all the same', async () => {
  const dialog = await callIn();
  const hungUp = dialog.hangup();
  for (const nonce of ['n1', 'n2']) {
    const bye = await peer.nextRequest('BYE');
    const challenge = `Digest realm="c", nonce="${nonce}", qop="auth"`;
    peer.send(peer.response(bye, 401, undefined, [['WWW-Authenticate', challenge]]));
  }
  await hungUp;
  expect(dialog.ended).toEqual({ by: 'local' });
});
