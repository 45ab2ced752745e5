/** Who answers at the agent's desk, set for the queue, for the agent, and by the flow; and what both hear then. */
import { Agent } from '../support/agent';
import { callWithTone, untilAnswered, untilHearsTone } from '../support/caller';
import { Product } from '../support/product';
import { tone, toPcm16 } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause } from '../support/wait';
import { pcm16Wav } from '../support/wav';

const AGENT_HZ = 1000;
const CALLER_HZ = 440;
const NUMBER_HZ = 2200;

let product: Product;
let agent: Agent;

const number = async (dialled: string, enqueue: object): Promise<void> => {
  const steps = { answer: { do: 'answer', next: 'queue' }, queue: { do: 'enqueue', queue: 'support', ...enqueue } };
  await product.admin('PUT', `/flows/f${dialled}`, { title: dialled, start: 'answer', steps });
  await product.admin('PUT', `/numbers/${dialled}`, { flowId: `f${dialled}` });
};

const backToReady = async (): Promise<void> => {
  await agent.untilCall('wrap-up');
  await agent.at('wrap-up-done').click();
  await agent.untilState('ready');
};

const callIn = async (dialled: string) => {
  await agent.goReady();
  const call = await callWithTone({ number: dialled, port: product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  await agent.untilCall('ringing');
  return call;
};

const isAnsweredByItself = async (dialled: string): Promise<void> => {
  const call = await callIn(dialled);
  await agent.untilCall('connected', 30_000);
  await untilHearsTone(call, AGENT_HZ);
  await call.hangup();
  await backToReady();
};

const waitsForTheAgent = async (dialled: string): Promise<void> => {
  const call = await callIn(dialled);
  await pause(2500);
  expect(await agent.at('call-status').getAttribute('data-state')).toBe('ringing');
  await agent.answer();
  await untilHearsTone(call, AGENT_HZ);
  await call.hangup();
  await backToReady();
};

describeNeeding('chromium')('answer modes', () => {
  beforeAll(async () => {
    product = await Product.start();
    agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
    await number('4801', {});
    await number('4802', { answerMode: 'manual' });
    await number('4803', { answerMode: 'automatic', answerDelayMs: 800 });
  }, 180_000);

  afterAll(async () => {
    await agent.close();
    await product.stop();
  }, 180_000);

  it('[TEL-20] the flow, the agent and the queue say who answers, in this order', async () => {
    await waitsForTheAgent('4801');
    await isAnsweredByItself('4803');
    await product.admin('PUT', '/answer-modes/support', { mode: 'automatic', delayMs: 500, queues: ['support'] });
    await isAnsweredByItself('4801');
    await waitsForTheAgent('4802');
    await product.admin('PUT', '/answer-modes/anna', { mode: 'manual', agents: ['agent1'] });
    await waitsForTheAgent('4801');
    await product.admin('DELETE', '/answer-modes/anna');
    await isAnsweredByItself('4801');
  }, 120_000);

  it("[SPH-14] both hear the agent's number when they are joined, and whenever the agent has it said", async () => {
    const { token } = await product.signIn('admin');
    const samples = tone({ frequencyHz: NUMBER_HZ, durationMs: 2_000, sampleRateHz: 8_000 });
    // A recording takes the place of the sentence, and can be told from a voice.
    for (const language of ['en', 'zh-CN']) {
      const saved = await fetch(`${product.url}/api/v1/sounds/file?path=prompts/${language}/agent-1001`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'audio/wav' },
        body: new Uint8Array(pcm16Wav(toPcm16(samples))),
      });
      expect(saved.status).toBe(200);
    }
    await number('4804', { answerMode: 'manual', greeting: 'agent-number' });
    const call = await callIn('4804');
    await agent.answer();
    const bothHear = async (callerHears: number, agentHears: number): Promise<void> => {
      await untilHearsTone(call, callerHears, 30_000);
      await agent.untilHears(agentHears, 30_000);
    };
    await bothHear(NUMBER_HZ, NUMBER_HZ);
    await bothHear(AGENT_HZ, CALLER_HZ);
    await agent.at('call-announce').click();
    await bothHear(NUMBER_HZ, NUMBER_HZ);
    await bothHear(AGENT_HZ, CALLER_HZ);
    await call.hangup();
    await backToReady();
  }, 180_000);
});
