/** Path (RFC 3327) and flow tokens (RFC 5626) when an app proxies to a registrar; Routes that an app gives. */
import type { SipRequest } from '../../../signaling/sip/message';
import type { SipPeer } from './sip-peer';
import { ANSWER, OFFER } from './sip-peer';
import { edgeOnly, ServerUnderTest } from './server-under-test';
import { appOf } from './srf-app';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

interface Registered {
  readonly phone: SipPeer;
  readonly home: SipPeer;
  readonly path: string;
}

/** A phone behind a NAT that nobody can look through, registered at `home` by an app that proxies. */
const registered = async (transport: 'udp' | 'tcp' | 'ws' = 'tcp'): Promise<Registered> => {
  const home = await server.peer('udp');
  await server.app((srf) => {
    const app = appOf(srf);
    app.register((req) => void app.proxyRequest(req, `sip:${home.self}`, { path: true }).catch(() => undefined));
  });
  const phone = await server.peer(transport);
  const contact = '<sip:ann@192.168.255.9:5060;transport=tcp>;reg-id=1;+sip.instance="<urn:uuid:1>"';
  phone.send(phone.request('REGISTER', 'sip:home.example', { Contact: contact, Supported: 'path, outbound' }));
  const register = await home.nextRequest('REGISTER');
  home.send(home.response(register, 200, undefined, [['Contact', contact]]));
  await phone.nextResponse(200);
  const [path = ''] = register.getAll('Path');
  return { phone, home, path };
};

const inviteBy = ({ home }: Registered, path: string): SipRequest =>
  home.invite('sip:ann@192.168.255.9:5060;transport=tcp', OFFER, { Route: path });

edgeOnly.each(['udp', 'tcp', 'ws'] as const)(
  'reaches a phone over %s by the flow of its REGISTER',
  async (transport) => {
    const registration = await registered(transport);
    const { phone, home, path } = registration;
    expect(path).toMatch(new RegExp(`^<sip:flow-[\\w-]+@127\\.0\\.0\\.1:${server.sipPort};lr;ob>$`));
    const invite = inviteBy(registration, path);
    home.send(invite);
    const arrived = await phone.nextRequest('INVITE');
    expect(arrived.uri).toBe('sip:ann@192.168.255.9:5060;transport=tcp');
    expect(arrived.has('Route')).toBe(false);
    const answer = phone.response(arrived, 200, ANSWER);
    answer.set('Contact', '<sip:ann@192.168.255.9:5060;transport=tcp>');
    phone.send(answer);
    const ok = await home.nextResponse(200);
    home.send(home.within(invite, ok, 'ACK'));
    // What follows in the dialog goes by the flow as well, though its Contact leads nowhere.
    if (transport !== 'udp') expect((await phone.nextRequest('ACK')).cseq.number).toBe(1);
    if (transport === 'udp') return;
    home.send(home.within(invite, ok, 'BYE'));
    phone.send(phone.response(await phone.nextRequest('BYE'), 200));
    await home.nextResponse(200);
  },
);

edgeOnly('answers 430 when the flow has gone', async () => {
  const registration = await registered();
  await registration.phone.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  registration.home.send(inviteBy(registration, registration.path));
  await registration.home.nextResponse(430);
});

edgeOnly('answers 403 to a token that is not one of ours', async () => {
  const registration = await registered();
  const { home, path } = registration;
  const forged = path.replace(/flow-(.)/, (_all, first: string) => `flow-${first === '0' ? '1' : '0'}`);
  home.send(inviteBy(registration, forged));
  await home.nextResponse(403);
});

edgeOnly('does not lead to another phone that comes by the same address later', async () => {
  const registration = await registered();
  const { phone, home, path } = registration;
  const other = await server.peer('tcp');
  await phone.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  home.send(inviteBy(registration, path));
  await home.nextResponse(430);
  expect(other.pending).toHaveLength(0);
});

it('sends a request of the app to the first Route that it gives', async () => {
  const app = appOf(await server.app());
  const edgeOfThePhone = await server.peer('udp');
  const route = `<sip:token@${edgeOfThePhone.self};lr;ob>`;
  const placed = app.createUAC('sip:ann@192.168.255.9', { localSdp: OFFER, headers: { Route: route } });
  const invite = await edgeOfThePhone.nextRequest('INVITE');
  expect([invite.uri, invite.get('Route')]).toEqual(['sip:ann@192.168.255.9', route]);
  edgeOfThePhone.send(edgeOfThePhone.response(invite, 486));
  await expect(placed).rejects.toMatchObject({ status: 486 });
});
