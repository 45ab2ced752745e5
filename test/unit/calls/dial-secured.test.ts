import type { OpenEndpoint } from '../../../media/ports';
import { ANN, OneAgent } from './support/one-agent';

/** What the media were asked for while the agent dials a number outside. */
const endpointsOfDialling = async (srtp: OpenEndpoint['srtp']): Promise<OpenEndpoint[]> => {
  const trunk = { trunkId: 'carrier', callerId: '100', ...(srtp && { srtp }) };
  const one = new OneAgent({ trunk });
  const requests: OpenEndpoint[] = [];
  const open = one.media.openEndpoint.bind(one.media);
  one.media.openEndpoint = (request) => {
    requests.push(request);
    return open(request);
  };
  await one.pass(100);
  expect(await one.center.desks.perform(ANN, { command: 'dial', number: '+4930123456' })).toMatchObject({ ok: true });
  await one.pass(20_000);
  await one.center.close('over');
  return requests.filter(({ kind }) => kind === 'rtp');
};

it("a trunk's calls are secured as the trunk says", async () => {
  const [secured] = await endpointsOfDialling('required');
  expect(secured).toMatchObject({ kind: 'rtp', srtp: 'required' });
  const [plain] = await endpointsOfDialling(undefined);
  expect(plain).toBeDefined();
  expect(plain?.srtp).toBeUndefined();
});
