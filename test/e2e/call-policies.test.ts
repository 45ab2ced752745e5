/** Who may call, where calls are sent before they are answered, and what travels with them: through the whole product. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callWithTone, untilAnswered } from '../support/caller';
import { Agent } from '../support/agent';
import { Product } from '../support/product';
import { probeInvite } from '../support/sip-probe';
import { describeNeeding } from '../support/tools';

let product: Product;
let crm: Server;
let crmUrl: string;
const crmAsked: unknown[] = [];

/** Answers who the caller is, or nothing at all when asked about the number 4990. */
const startCrm = async (): Promise<void> => {
  crm = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const question = JSON.parse(text) as Record<string, string>;
      crmAsked.push(question);
      if (question.called === '4990') return;
      const redirect = [{ uri: 'sip:vip@10.0.0.9' }];
      const known = question.caller === '+4930901' ? { redirect } : { variables: { customer: 'C-17' } };
      response.end(JSON.stringify(known));
    });
  });
  await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
  crmUrl = `http://127.0.0.1:${(crm.address() as AddressInfo).port}/`;
};

/** A flow that answers, shows how far it has come by its data, and ends. */
const ENDING = { answer: { do: 'answer', next: 'bye' }, bye: { do: 'hang-up', reason: 'served' } };

beforeAll(async () => {
  await startCrm();
  product = await Product.start();
  await product.admin('PUT', '/look-ups/crm', { url: crmUrl, timeoutMs: 500 });
  await product.admin('PUT', '/flows/short', { title: 'Short', start: 'answer', steps: ENDING });
}, 180_000);

afterAll(async () => {
  await product.stop();
  crm.closeAllConnections();
  await new Promise((resolve) => crm.close(resolve));
}, 180_000);

describe('lists of callers', () => {
  it('[TEL-23] [ACD-03] refuse a caller with the status that was set, until the rule is removed', async () => {
    const refusal = { do: 'reject', status: 486, reason: 'Not for you' };
    await product.admin('PUT', '/call-rules/nuisance', {
      kind: 'caller-list',
      mode: 'block',
      callers: ['+4930666.'],
      refusal,
    });
    const refused = await probeInvite({ port: product.ports.sip, number: '4000', from: '+49306661' });
    expect([refused.status, refused.reason]).toEqual([486, 'Not for you']);
    expect((await product.interactionFrom('+49306661')).outcome).toEqual({
      result: 'rejected',
      reason: 'caller-refused',
      party: 'system',
    });
    await product.admin('DELETE', '/call-rules/nuisance');
    const call = await callWithTone({ number: '4000', from: '+49306661', port: product.ports.sip });
    await untilAnswered(call);
    await call.hangup();
  }, 180_000);
});

describe('before the call is delivered', () => {
  it('[ACD-23] a number’s calls are redirected to other switches in their order, with what has happened so far', async () => {
    const redirect = [
      { uri: 'sip:{called}@10.0.0.1', q: 1 },
      { uri: 'sip:{called}@10.0.0.2', q: 0.5 },
    ];
    await product.admin('PUT', '/numbers/4100', { flowId: 'short', redirect });
    const moved = await probeInvite({ port: product.ports.sip, number: '4100' });
    expect(moved.status).toBe(302);
    expect(moved.contacts.map(({ uri, params }) => [uri.toString(), Number(params.get('q'))])).toEqual([
      ['sip:4100@10.0.0.1', 1],
      ['sip:4100@10.0.0.2', 0.5],
    ]);
    expect(moved.get('Diversion')).toContain('sip:4100@');
    expect(moved.get('History-Info')).toContain('index=1');
    expect((await product.endedInteraction((item) => item.called.number === '4100')).outcome?.reason).toBe(
      'redirected',
    );
  }, 180_000);

  it('[ACD-23] another switch asks where a call would go, and is told the queues and the likely wait', async () => {
    const { key } = await product.admin<{ key: string }>('POST', '/api-keys', { id: 'carrier', scopes: ['routing'] });
    const ask = (called: string): Promise<unknown> =>
      product.withKey(key)('POST', '/routing/lookup', { called, caller: '+49301' });
    expect(await ask('4000')).toMatchObject({
      kind: 'here',
      flow: 'main-number',
      queues: [
        { queueId: 'sales', waiting: 0 },
        { queueId: 'support', waiting: 0 },
      ],
    });
    expect(await ask('4100')).toEqual({
      kind: 'elsewhere',
      contacts: [
        { uri: 'sip:4100@10.0.0.1', q: 1 },
        { uri: 'sip:4100@10.0.0.2', q: 0.5 },
      ],
    });
    expect(await ask('4')).toEqual({ kind: 'incomplete' });
    expect(await ask('77')).toEqual({ kind: 'unknown' });
  }, 180_000);

  it('[ACD-23] we ask another system first: it may redirect, and when it is silent the number goes its own way', async () => {
    await product.admin('PUT', '/numbers/4200', { flowId: 'short', lookUp: 'crm' });
    await product.admin('PUT', '/numbers/4990', { flowId: 'short', lookUp: 'crm' });
    const moved = await probeInvite({ port: product.ports.sip, number: '4200', from: '+4930901' });
    expect([moved.status, moved.contacts[0]?.uri.toString()]).toEqual([302, 'sip:vip@10.0.0.9']);
    const call = await callWithTone({ number: '4990', from: '+4930902', port: product.ports.sip });
    await untilAnswered(call);
    expect((await product.interactionFrom('+4930902')).outcome?.reason).toBe('served');
    expect(crmAsked).toContainEqual(expect.objectContaining({ called: '4990', caller: '+4930902' }));
  }, 180_000);
});

describe('numbers', () => {
  it('[TEL-16] direct dial-in: too few digits are asked for more, those beyond the number reach the flow', async () => {
    const steps = { start: { do: 'branch', on: 'suffix', cases: { '12X': 'answer' }, otherwise: 'other' }, ...ENDING };
    await product.admin('PUT', '/flows/did', {
      title: 'DID',
      start: 'start',
      steps: { ...steps, other: { do: 'hang-up' } },
    });
    await product.admin('PUT', '/numbers/530', { flowId: 'did', suffix: { min: 3, max: 3 } });
    for (const number of ['53', '530', '53012']) {
      expect((await probeInvite({ port: product.ports.sip, number })).status).toBe(484);
    }
    expect((await probeInvite({ port: product.ports.sip, number: '5301234' })).status).toBe(404);
    const call = await callWithTone({ number: '530127', from: '+4930903', port: product.ports.sip });
    await untilAnswered(call);
    expect((await product.interactionFrom('+4930903')).outcome?.reason).toBe('served');
  }, 180_000);

  it('[TEL-16] two stages: the flow collects the number that the caller dials after the answer', async () => {
    const steps = {
      start: { do: 'answer', next: 'ask' },
      ask: { do: 'collect', prompts: [], variable: 'wanted', min: 3, max: 4, next: 'by', otherwise: 'none' },
      by: { do: 'branch', on: 'wanted', cases: { '10XX': 'yes' }, otherwise: 'none' },
      yes: { do: 'hang-up', reason: 'dialled' },
      none: { do: 'hang-up', reason: 'nothing dialled' },
    };
    await product.admin('PUT', '/flows/two-stage', { title: 'Two stages', start: 'start', steps });
    await product.admin('PUT', '/numbers/4300', { flowId: 'two-stage' });
    const call = await callWithTone({ number: '4300', from: '+4930904', port: product.ports.sip });
    await untilAnswered(call);
    await call.press('1002');
    const interaction = await product.interactionFrom('+4930904');
    expect(interaction.outcome?.reason).toBe('dialled');
    expect(interaction.data).toMatchObject({ wanted: '1002' });
  }, 180_000);
});

describe('a call that is handed over between switches', () => {
  const reserve = (body: unknown) =>
    product.admin<{ token: string; temporaryNumber?: string; userToUser: string }>('POST', '/contexts', body);
  const context = { caller: '+4988', called: '0800', interactionId: 'first-one', data: { account: '42' } };

  it('[ACD-25] to a temporary number arrives with its data, its caller and its history', async () => {
    await product.admin('PUT', '/temporary-numbers/handed', { first: '4900', last: '4901' });
    await product.admin('PUT', '/numbers/4400', { flowId: 'short' });
    const { temporaryNumber = '' } = await reserve({ ...context, forNumber: '4400' });
    expect(temporaryNumber).toBe('4900');
    const call = await callWithTone({ number: temporaryNumber, from: '+4930905', port: product.ports.sip });
    await untilAnswered(call);
    const interaction = await product.interactionFrom('+4988');
    expect(interaction).toMatchObject({
      called: { number: '4400' },
      data: { account: '42', called: '0800', 'previous-interaction': 'first-one' },
      previous: { interactionId: 'first-one' },
    });
    expect((await probeInvite({ port: product.ports.sip, number: temporaryNumber })).status).toBe(404);
  }, 180_000);

  it('[TEL-15] [ACD-25] by a token in User-to-User arrives with its data, once', async () => {
    const { userToUser, token: handed } = await reserve({ ...context, caller: '+4989' });
    const headers = [`User-to-User: ${userToUser}`];
    const flow = {
      title: 'Token',
      start: 'by',
      steps: {
        by: { do: 'branch', on: 'account', cases: { '42': 'to' }, otherwise: 'no' },
        to: { do: 'redirect', contacts: [{ uri: 'sip:{account}@10.0.0.3' }], otherwise: 'no' },
        no: { do: 'hang-up' },
      },
    };
    await product.admin('PUT', '/flows/token', flow);
    await product.admin('PUT', '/numbers/4500', { flowId: 'token' });
    const moved = await probeInvite({ port: product.ports.sip, number: '4500', headers });
    expect([moved.status, moved.contacts[0]?.uri.toString()]).toEqual([302, 'sip:42@10.0.0.3']);
    const again = await probeInvite({ port: product.ports.sip, number: '4500', headers });
    expect(again.status).toBe(480);
    await expect(product.admin('GET', `/contexts/${handed}`)).rejects.toThrow('404');
  }, 180_000);

  it('[ACD-25] is sent away with a token that the other switch resolves at our API', async () => {
    const steps = {
      remember: { do: 'set', variables: { account: '43' }, next: 'away' },
      away: { do: 'hand-over', by: 'token', uri: 'sip:{called}@10.0.0.4', otherwise: 'no' },
      no: { do: 'hang-up' },
    };
    await product.admin('PUT', '/flows/away', { title: 'Away', start: 'remember', steps });
    await product.admin('PUT', '/numbers/4600', { flowId: 'away' });
    const moved = await probeInvite({ port: product.ports.sip, number: '4600', from: '+4930906' });
    const sent = moved.contacts[0]?.uri.headers.get('user-to-user') ?? '';
    const [data = ''] = decodeURIComponent(sent).split(';');
    const found = await product.admin('GET', `/contexts/${data}`);
    expect(found).toMatchObject({ caller: '+4930906', called: '4600', data: { account: '43' } });
    expect((await product.interactionFrom('+4930906')).outcome?.reason).toBe('handed-over');
  }, 180_000);
});

describeNeeding('chromium')('an agent', () => {
  it.each(['en', 'zh'] as const)(
    '[TEL-23] who may not call premium numbers is told so at the desk: %s',
    async (language) => {
      await product.admin('PUT', '/call-rules/standard', {
        kind: 'service-class',
        allow: ['internal', 'local'],
        default: true,
      });
      const agent = await Agent.signIn(product, 'agent1', 1000, language === 'zh' ? 'zh-CN' : 'en-US');
      try {
        await agent.dial('0900 123456');
        const sentence =
          language === 'en'
            ? 'You may not call premium-rate numbers (rule “standard”). An administrator can permit it.'
            : '您无权呼叫收费声讯号码（规则“standard”），可由管理员开通。';
        await agent.page.getByText(sentence).waitFor({ timeout: 30_000 });
      } finally {
        await agent.close();
      }
    },
    180_000,
  );
});
