/** The app is killed while more than two are in a call; who hears whom is told by the sound alone. */
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { lastHeard } from '../support/caller';
import { killApp, nothingIsLeft } from '../support/restarted-app';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { untilHears } from '../support/who-hears';

const VOICES = { caller: CALLER_HZ, agent: AGENT_HZ, lead: 1700, phone: 2600 };
const GUEST = '2001';
const PATIENCE_MS = 20_000;

type Voice = keyof typeof VOICES;

const center = new StaffedProduct();
let lead: Agent;
let phone: Baresip;

describeNeeding('chromium', 'baresip')('an app that is killed', () => {
  center.startForTests();

  beforeAll(async () => {
    const { product } = center;
    const register = { password: await product.newPhonePassword(GUEST), sipPort: product.ports.sip };
    phone = await Baresip.start({ from: GUEST, toneHz: VOICES.phone, autoAnswer: true, register, lifetimeMs: 400_000 });
    await phone.registered();
    lead = await Agent.signIn(product, 'lead1', VOICES.lead);
    await lead.at('nav-team').click();
  }, 120_000);

  afterAll(async () => {
    await lead?.close();
    await phone?.close();
  }, 30_000);

  const untilMode = (mode: string): Promise<void> =>
    lead.page
      .locator(`[data-testid=supervision-bar][data-state=active][data-mode=${mode}]`)
      .waitFor({ timeout: PATIENCE_MS });

  it('[ACD-19] [HA-04] [SPH-06] [SUP-02] with a third party and a supervisor who whispers: all hear whom they heard before, the supervisor goes on to take part, and the third party keeps the caller', async () => {
    const { agent, product } = center;
    const { call, from } = await center.converse();
    const hears = {
      caller: (...heard: Voice[]) => untilHears((lastMs) => lastHeard(call, lastMs), VOICES, heard),
      agent: (...heard: Voice[]) => untilHears((lastMs) => agent.heard(lastMs), VOICES, heard),
      lead: (...heard: Voice[]) => untilHears((lastMs) => lead.heard(lastMs), VOICES, heard),
      phone: (...heard: Voice[]) => untilHears((lastMs) => phone.heard(lastMs), VOICES, heard),
    };
    const whisper = async (): Promise<void> => {
      await hears.caller('agent', 'phone');
      await hears.agent('caller', 'phone', 'lead');
      await hears.phone('caller', 'agent');
      await hears.lead('caller', 'agent', 'phone');
    };
    await agent.page.keyboard.press('Alt+T');
    await agent.at('transfer-dialog').waitFor();
    await agent.at('transfer-number').fill(GUEST);
    await agent.at('consult-number').click();
    await agent.untilHears(VOICES.phone, PATIENCE_MS);
    await agent.page.keyboard.press('Alt+J');
    await agent.at('parties-bar').waitFor();
    await lead.page.locator('[data-testid=agent-row][data-agent=agent1]').getByTestId('supervise-whisper').click();
    await untilMode('whisper');
    await whisper();

    await killApp(product, [agent, lead]);
    await untilMode('whisper');
    await agent.at('parties-bar').waitFor();
    await whisper();

    await lead.at('supervision-mode-barge').click();
    await untilMode('barge');
    await hears.caller('agent', 'phone', 'lead');
    await lead.at('supervision-leave').click();
    await lead.at('supervision-bar').waitFor({ state: 'detached' });
    await agent.at('parties-leave').click();
    await agent.untilCall('wrap-up');
    await hears.caller('phone');
    await hears.phone('caller');
    await call.hangup();
    await agent.finishWrapUp();
    const { supervisions, outcome, recordings } = await product.interactionFrom(from);
    expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    expect(supervisions).toMatchObject([
      { userName: 'lead1', endedAtMs: expect.any(Number), modes: [{ mode: 'whisper' }, { mode: 'barge' }] },
    ]);
    expect(recordings).toHaveLength(1);
    await nothingIsLeft(product);
  }, 180_000);
});
