import { handlerFor } from '../../../../signaling/edge/handlers/handler-options';
import { parseAppAddress, parseRoutingAnswer } from '../../../../signaling/edge/handlers/routing-answer';

const answerOf = (value: unknown): unknown => {
  const answer = parseRoutingAnswer(JSON.stringify(value));
  return answer.ok ? answer.value : answer.fault.message;
};

describe("a web server's answer", () => {
  it('to proxy has the defaults of drachtio-server', () => {
    expect(answerOf({ action: 'proxy', data: { destination: 'sip:a@b' } })).toEqual({
      action: 'proxy',
      targets: ['sip:a@b'],
      recordRoute: false,
      followRedirects: true,
      simultaneous: false,
      provisionalTimeoutMs: 5_000,
      finalTimeoutMs: 60_000,
    });
  });

  it.each([
    [
      { action: 'reject', data: { status: 486, reason: 'Busy' } },
      { action: 'reject', status: 486, reason: 'Busy' },
    ],
    [
      { action: 'reject', data: { status: 404 } },
      { action: 'reject', status: 404, reason: undefined },
    ],
    [
      { action: 'redirect', data: { contact: 'sip:a@b' } },
      { action: 'redirect', contacts: ['sip:a@b'] },
    ],
    [
      { action: 'route', data: { tag: 'blue' } },
      { action: 'route-by-tag', tag: 'blue' },
    ],
    [
      { action: 'route', data: { uri: 'app:9030' } },
      { action: 'route', to: { host: 'app', port: 9030, transport: 'tcp' } },
    ],
  ])('%j is understood', (given, understood) => {
    expect(answerOf(given)).toEqual(understood);
  });

  it.each([
    [[], 'no JSON object'],
    [{ action: 'reject' }, "no object 'data'"],
    [{ action: 'reject', data: { status: 200 } }, 'from 300 to 699'],
    [{ action: 'reject', data: { status: '486' } }, 'from 300 to 699'],
    [{ action: 'redirect', data: { contact: [] } }, "'contact'"],
    [{ action: 'redirect', data: { contact: ['sip:a@b', 7] } }, "'contact'"],
    [{ action: 'proxy', data: { destination: Array(51).fill('sip:a@b') } }, "'destination'"],
    [{ action: 'proxy', data: { destination: 'sip:a@b', finalTimeout: 'soon' } }, 'timeouts'],
    [{ action: 'route', data: {} }, "neither a 'uri' nor a 'tag'"],
    [{ action: 'route', data: { uri: 'http://app/' } }, 'is not host:port'],
    [{ action: 'queue', data: {} }, "'action'"],
  ])('%j is refused', (given, problem) => {
    expect(answerOf(given)).toContain(problem);
  });
});

it.each([
  ['app', { host: 'app', port: 9021, transport: 'tcp' }],
  ['192.0.2.1:9030;transport=tls', { host: '192.0.2.1', port: 9030, transport: 'tls' }],
  ['[2001:db8::1]:9030', { host: '2001:db8::1', port: 9030, transport: 'tcp' }],
  ['tls://app:9030', { host: 'app', port: 9030, transport: 'tls' }],
  ['tcp://app/', { host: 'app', port: 9021, transport: 'tcp' }],
  ['app:0', undefined],
  ['app:70000', undefined],
  ['a:b:c', undefined],
  ['app;transport=udp', undefined],
])('the address %s of an app', (text, expected) => {
  const address = parseAppAddress(text);
  expect(address.ok ? address.value : undefined).toEqual(expected);
});

it('takes the handler of the method itself before that of all others', () => {
  const handlers = [
    { method: '*', url: 'http://all' },
    { method: 'invite', url: 'http://calls' },
  ];
  expect(handlerFor(handlers, 'INVITE')?.url).toBe('http://calls');
  expect(handlerFor(handlers, 'MESSAGE')?.url).toBe('http://all');
  expect(handlerFor(handlers.slice(1), 'MESSAGE')).toBeUndefined();
});
