/** Supervisors at the team page and at a desk phone: who hears them in every mode, and who must not, by the sound alone. */
import type { RecordingPageView, RecordingView } from '../../api/contract/recordings';
import type { TestCall } from '../../infra/caller/test-call';
import { readSound } from '../../media/wav/read-sound';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { lastHeard } from '../support/caller';
import { readG711Wav } from '../support/g711-wav';
import { fromPcm16 } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';
import { untilHears, voiceLevelDbfs } from '../support/who-hears';

const VOICES = { caller: CALLER_HZ, agent: AGENT_HZ, lead: 1700, phone: 2600 };
const center = new StaffedProduct();
let lead: Agent;

type Voice = keyof typeof VOICES;
const callerHears = (call: TestCall, ...heard: Voice[]): Promise<void> =>
  untilHears((lastMs) => lastHeard(call, lastMs), VOICES, heard);
const agentHears = (...heard: Voice[]): Promise<void> =>
  untilHears((lastMs) => center.agent.heard(lastMs), VOICES, heard);
const leadHears = (...heard: Voice[]): Promise<void> => untilHears((lastMs) => lead.heard(lastMs), VOICES, heard);

describeNeeding('chromium', 'baresip')('supervision', () => {
  center.startForTests();

  beforeAll(async () => {
    lead = await Agent.signIn(center.product, 'lead1', VOICES.lead);
    await lead.at('nav-team').click();
  }, 120_000);

  afterAll(() => lead?.close(), 120_000);

  const begin = async (mode: string): Promise<void> => {
    await lead.page.locator('[data-testid=agent-row][data-agent=agent1]').getByTestId(`supervise-${mode}`).click();
    await untilMode(mode);
  };
  const untilMode = (mode: string): Promise<void> =>
    lead.page.locator(`[data-testid=supervision-bar][data-state=active][data-mode=${mode}]`).waitFor();
  const change = async (mode: string): Promise<void> => {
    await lead.at(`supervision-mode-${mode}`).click();
    await untilMode(mode);
  };
  const untilOver = (): Promise<void> => lead.at('supervision-bar').waitFor({ state: 'detached' });

  it('[SUP-02] [SUP-06] listens, and whispers to the agent alone; leaving harms nobody', async () => {
    const { call, from } = await center.converse();
    await begin('monitor');
    await leadHears('caller', 'agent');
    await callerHears(call, 'agent');
    await agentHears('caller');
    await change('whisper');
    await agentHears('caller', 'lead');
    await callerHears(call, 'agent');
    await leadHears('caller', 'agent');
    await center.agent.at('call-hold').click();
    // The desk itself silences the agent on hold.
    await leadHears();
    await agentHears('lead');
    await center.agent.at('call-hold').click();
    await agentHears('caller', 'lead');
    await change('monitor');
    await agentHears('caller');
    await callerHears(call, 'agent');
    await leadHears('caller', 'agent');
    await lead.at('supervision-leave').click();
    await untilOver();
    await callerHears(call, 'agent');
    await agentHears('caller');
    await call.hangup();
    await center.agent.finishWrapUp();
    const interaction = await center.product.interactionFrom(from);
    expect(interaction.supervisions).toMatchObject([
      { userName: 'lead1', modes: [{ mode: 'monitor' }, { mode: 'whisper' }, { mode: 'monitor' }] },
    ]);
    const file = await center.product.get(`/api/v1/interactions/${interaction.id}/recordings/1`);
    const { channels } = readG711Wav(Buffer.from(await file.arrayBuffer()));
    for (const channel of channels) expect(voiceLevelDbfs(channel, VOICES.lead)).toBeLessThan(-55);
  }, 180_000);

  it('[SUP-02] [SUP-05] barges in and takes the call over: the agent is in wrap-up, and the two others talk', async () => {
    const { call, from } = await center.converse();
    await begin('barge');
    await callerHears(call, 'agent', 'lead');
    await agentHears('caller', 'lead');
    await leadHears('caller', 'agent');
    await lead.at('supervision-take-over').click();
    await lead.page.locator('#take-over-confirm').click();
    await center.agent.untilCall('wrap-up');
    await untilOver();
    await callerHears(call, 'lead');
    await leadHears('caller');
    await call.hangup();
    await center.agent.finishWrapUp();
    await lead.at('nav-desk').click();
    await lead.finishWrapUp('not-ready');
    await lead.at('nav-team').click();
    expect(await center.product.interactionFrom(from)).toMatchObject({ agentId: 'lead1' });
  }, 180_000);

  it('[SUP-02] [SUP-06] by a desk phone, whose keys change the mode and go to nobody', async () => {
    const register = { password: await center.product.newPhonePassword('2001'), sipPort: center.product.ports.sip };
    const phone = await Baresip.start({ from: '2001', toneHz: VOICES.phone, autoAnswer: true, register });
    try {
      await phone.registered();
      const { call } = await center.converse();
      await lead.at('device-choice').click();
      await lead.page.locator('.ant-select-item-option[title$="2001"]').click();
      await begin('whisper');
      await agentHears('caller', 'phone');
      await untilHears((lastMs) => phone.heard(lastMs), VOICES, ['caller', 'agent']);
      await callerHears(call, 'agent');
      await phone.press('6');
      await untilMode('barge');
      await callerHears(call, 'agent', 'phone');
      await phone.press('5');
      await untilMode('whisper');
      await callerHears(call, 'agent');
      expect(call.events.filter(({ type }) => type === 'heard-digit')).toEqual([]);
      phone.hangUp();
      await untilOver();
      await callerHears(call, 'agent');
      await agentHears('caller');
      await call.hangup();
      await center.agent.finishWrapUp();
    } finally {
      await phone.close();
    }
  }, 180_000);

  it('[REC-02] finds the recording of a call at its page, sees both voices, hears it and holds it', async () => {
    const recordings = (await (await center.product.get('/api/v1/recordings')).json()) as RecordingPageView;
    const { id = '', caller = '' } = recordings.items[0] ?? {};
    await lead.at('nav-recordings').click();
    await lead.at('recordings-number').fill(caller);
    const row = lead.page.locator(`[data-testid=recording-row][data-recording="${id}"]`);
    await until('the one recording of this caller', async () => (await lead.at('recording-row').count()) === 1);
    await row.getByTestId('recording-play').click();
    await lead.at('recording-waveform').waitFor();
    expect(await lead.at('recording-waveform').locator('path').count()).toBe(2);
    const audio = lead.at('recording-audio');
    const playedS = (): Promise<number> => audio.evaluate((element: HTMLAudioElement) => element.currentTime);
    await until('the recording to be played', async () => (await playedS()) > 0.2);
    await lead.at('recording-hold-reason').fill('a complaint');
    await lead.at('recording-hold').click();
    await lead.at('recording-held').waitFor();
    const held = (await (await center.product.get(`/api/v1/recordings/${id}`)).json()) as RecordingView;
    expect(held.hold).toMatchObject({ reason: 'a complaint', byUserName: 'lead1' });
    expect(lead.consoleErrors).toEqual([]);
  }, 180_000);

  it('[IVR-09] records a prompt at its page: heard there first, and by callers when it is kept', async () => {
    const path = '/api/v1/sounds/file?path=prompts/en/closed-today';
    await lead.at('nav-prompts').click();
    await lead.at('sound-name').fill('closed-today');
    await lead.at('sound-record').first().click();
    await lead.page.locator('[data-testid=take][data-state=running]').waitFor();
    await lead.page.waitForTimeout(800);
    await lead.at('take-stop').click();
    const preview = lead.at('take-preview');
    await until('the take to be there', () => preview.evaluate((element: HTMLAudioElement) => element.duration > 0.4));
    expect((await center.product.get(path)).status).toBe(404);
    await lead.at('take-keep').click();
    await lead.page.locator('[data-testid=sound-row][data-path="prompts/en/closed-today"]').waitFor();
    const kept = await center.product.get(path);
    const sound = await readSound(Buffer.from(await kept.arrayBuffer()), () => 8000);
    if (!sound.ok) throw new Error(sound.fault.message);
    expect(voiceLevelDbfs(fromPcm16(sound.value.samples), VOICES.lead)).toBeGreaterThan(-30);
  }, 180_000);

  it('[SUP-07] [SUP-08] makes an agent not ready, and locks the seat, which the agent cannot take off', async () => {
    const { page } = center.agent;
    const untilReason = (reason: string): Promise<void> =>
      page.locator(`[data-testid=agent-state][data-state=not-ready][data-reason=${reason}]`).waitFor();
    const choose = async (what: string): Promise<void> => {
      const row = lead.page.locator('[data-testid=agent-row][data-agent=agent1]');
      await row.getByTestId('seat-menu').click();
      await lead.page.getByTestId(`seat-${what}`).click();
    };
    await lead.at('nav-team').click();
    await choose('training');
    await untilReason('training');
    await choose('lock-stays');
    await untilReason('locked');
    await center.agent.at('go-ready').click();
    await page.locator('.ant-message-error').first().waitFor();
    await untilReason('locked');
    await choose('unlock');
    await untilReason('signed-in');
    await center.agent.at('go-ready').click();
    await page.locator('[data-testid=agent-state][data-state=ready]').waitFor();
    await choose('lock-ends');
    await center.agent.at('sign-in').waitFor();
    await lead.page.locator('[data-testid=agent-row][data-agent=agent1][data-state=signed-out]').waitFor();
  }, 180_000);
});
