import type { OpenEndpoint, SrtpPolicy } from '../../../media/ports';
import { ANN, OneAgent } from './support/one-agent';

/** What the media are asked for when the agent's browser has answered and the number outside is called. */
const endpointOfDialling = async (srtp: SrtpPolicy | undefined): Promise<OpenEndpoint | undefined> => {
  const one = new OneAgent({ trunk: { trunkId: 'carrier', callerId: '100', ...(srtp && { srtp }) } });
  await one.pass(1000);
  const dialled = await one.center.desks.perform(ANN, { command: 'dial', number: '+4930123456' });
  expect(dialled).toMatchObject({ ok: true });
  await one.pass(1000);
  one.signaling.outgoing.at(-1)?.answer();
  await one.pass(1000);
  const opened = [...one.media.endpoints.values()].find(({ kind }) => kind === 'rtp');
  const closed = one.center.close('over');
  await one.pass(20_000);
  await closed;
  return opened;
};

it("a trunk's calls are secured as the trunk says", async () => {
  expect(await endpointOfDialling('required')).toMatchObject({ srtp: 'required' });
  const asTheyLike = await endpointOfDialling(undefined);
  expect(asTheyLike).toBeDefined();
  expect(asTheyLike?.srtp).toBeUndefined();
});
