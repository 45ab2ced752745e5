import { parseConfig } from '../../../main/config';
import type { Config } from '../../../main/config';

const parse = (text: string, env: Record<string, string> = {}) =>
  parseConfig({ path: 'switchroom.config.yaml', text, env });

const parsed = (text: string, env: Record<string, string> = {}): Config => {
  const result = parse(text, env);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};

describe('configuration', () => {
  it('has a default for everything', () => {
    expect(parsed('')).toMatchObject({
      bindAddress: '127.0.0.1',
      httpPort: 8080,
      sipPort: 5060,
      rtpPorts: { first: 20_000, last: 20_999 },
      trunks: [{ id: 'local', addresses: ['self'] }],
    });
  });

  it('lets the environment override the file', () => {
    const config = parsed('httpPort: 8000\nmongodb:\n  uri: mongodb://a/', {
      HTTP_PORT: '9000',
      RTP_PORTS: '30000-30099',
      MONGODB_URI: 'mongodb://b/',
      SWITCHROOM_BOOTSTRAP_PASSWORD: 'secret',
    });
    expect(config).toMatchObject({
      httpPort: 9000,
      rtpPorts: { first: 30_000, last: 30_099 },
      mongodb: { uri: 'mongodb://b/' },
      bootstrapPassword: 'secret',
    });
  });

  it.each([
    ['an unknown key', 'htpPort: 1', {}, 'switchroom.config.yaml has an unknown key "htpPort".'],
    ['an unknown key further down', 'drachtio:\n  hots: a', {}, 'unknown key "hots" below drachtio'],
    ['a value of the file', 'sipPort: 99999', {}, 'switchroom.config.yaml: sipPort is not usable'],
    ['a value of the environment', '', { SIP_PORT: 'abc' }, 'SIP_PORT is not usable: must be a number.'],
    ['one port for two things', 'httpPort: 5060', {}, 'httpPort and sipPort are both 5060'],
    ['a port within the RTP ports', 'sipPort: 20500', {}, 'sipPort 20500 lies within rtpPorts 20000-20999'],
    ['one port for HTTP and WebRTC', '', { WEBRTC_PORT: '8080' }, 'httpPort and webRtcPort are both 8080'],
    ['a WebRTC port within the RTP ports', '', { WEBRTC_PORT: '20002' }, 'webRtcPort 20002 lies within rtpPorts'],
    ['an RTP range of reserved ports', '', { RTP_PORTS: '0-9' }, 'rtpPorts 0-9 must be'],
    ['a public address that is none', '', { PUBLIC_ADDRESS: '0.0.0.0' }, 'publicAddress 0.0.0.0 is no address'],
    ['a public address behind loopback', '', { PUBLIC_ADDRESS: '203.0.113.5' }, 'listens on this machine only'],
    ['a network that is too narrow', 'trunks: [{id: a, name: A, addresses: [10.0.0.0/99]}]', {}, 'trunk a: '],
    ['a request handler that is no URL', 'edge: {requestHandlers: [{url: somewhere}]}', {}, 'requestHandlers.0.url'],
    [
      'two request handlers for one method',
      'edge: {requestHandlers: [{method: INVITE, url: "http://a"}, {method: invite, url: "http://b"}]}',
      {},
      'there are two for the method "INVITE"',
    ],
    ['a TLS port for apps without a certificate', 'edge: {controlTlsPort: 9024}', {}, 'tls.certificate and tls.key'],
    ['one port for SIP and apps', 'edge: {controlPort: 5060}', {}, 'sipPort and edge.controlPort are both 5060'],
    ['a secret that would end in the middle', 'edge: {secret: "one|two|three"}', {}, 'edge.secret is not usable'],
    ['a falling range', 'rtpPorts: 3000-2000', {}, 'rising range'],
    [
      'a drachtio-server without its secret',
      '',
      { DRACHTIO_HOST: 'sip' },
      'DRACHTIO_HOST is set without DRACHTIO_SECRET',
    ],
    ['two trunks of one id', 'trunks: [{id: a, name: A}, {id: a, name: B}]', {}, 'the id "a" is used twice'],
    ['a network that is none', 'trunks: [{id: a, name: A, addresses: [here]}]', {}, 'trunk a: '],
    ['a file that is not YAML', 'a: [', {}, 'is not valid YAML'],
    ['a file that is a list', '- a', {}, 'must hold keys and values'],
  ])('refuses %s with one sentence that names it', (_what, text, env, message) => {
    const result = parse(text, env);
    expect(result).toMatchObject({ ok: false, fault: { message: expect.stringContaining(message) } });
    if (!result.ok) expect(result.fault.message.split('\n')).toHaveLength(1);
  });
});
