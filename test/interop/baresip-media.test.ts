/**
 * The ways in which a carrier's sound may come, from a user agent that is not ours, to an agent whose browser has Opus.
 * It has one codec and one kind of security at a time and takes nothing else.
 */
import { Baresip } from '../support/baresip';
import type { BaresipOptions } from '../support/baresip';
import { hearsTone } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const ALL = '[PCMA, PCMU, G722, OPUS]';
const CONFIG = [
  `trunks: [{id: local, name: This machine, addresses: [self], codecs: ${ALL}}]`,
  'codecs: {browsers: [OPUS]}',
  '',
].join('\n');

const center = new StaffedProduct();

const WAYS: readonly (readonly [what: string, options: BaresipOptions])[] = [
  ['[TEL-09] G.711 with keys in the SDP', { codec: 'PCMA', secured: 'sdes' }],
  ['[TEL-09] G.711 with keys by DTLS', { codec: 'PCMU', secured: 'dtls' }],
  ['G.722 with keys by DTLS, and ICE', { codec: 'G722', secured: 'dtls', ice: true }],
  ['Opus', { codec: 'OPUS' }],
];

describeNeeding('chromium', 'baresip')('a call from a carrier to an agent with Opus', () => {
  center.startForTests({ config: CONFIG });

  it.each(WAYS)(
    '%s is understood in both directions, digits too',
    async (_what, options) => {
      const { agent, product } = center;
      const from = `+493040${WAYS.findIndex(([, other]) => other === options)}`;
      const caller = await Baresip.start({ toneHz: CALLER_HZ, from, ...options });
      try {
        await agent.goReady();
        await caller.call('4000', product.ports.sip);
        await caller.press('2');
        await agent.untilCall('ringing');
        await agent.answer();
        await until('the caller to hear the agent', async () => hearsTone(await caller.heard(500), AGENT_HZ), 8000);
        await agent.untilHears(CALLER_HZ);
        await agent.at('call-hangup').click();
        await caller.until('CALL_CLOSED');
        expect((await product.interactionFrom(from)).digits).toEqual(['2']);
        await agent.finishWrapUp();
      } finally {
        await caller.close();
      }
    },
    60_000,
  );
});
