/** Records that are not understood are refused with a reason; what must be kept nowhere is in none. */
import { asId } from '../../../../base/ids';
import type { CallId, EndpointId } from '../../../../base/ids';
import { SimulatedClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import { Call } from '../../../../calls/call';
import { InteractionLog } from '../../../../calls/interaction-log';
import { parseCallRecord } from '../../../../calls/keep/call-record';
import { recordCall } from '../../../../calls/keep/record-call';
import { newInteraction } from '../../../../calls/open-log';
import { Variables } from '../../../../flows/variables';
import { DialogDouble } from '../support/dialog-double';
import { InviteDouble } from '../support/port-doubles';
import { flowOf } from '../support/small-center';

const callInFlow = (): Call => {
  const about = { direction: 'inbound', startedAtMs: 1 } as const;
  const interaction = newInteraction({ ...about, caller: { number: '1' }, called: { number: '2' } });
  const saved = { save: () => Promise.resolve(), saved: () => undefined };
  const log = new InteractionLog({ clock: new SimulatedClock(), log: silentLogger(), ...saved }, interaction);
  const identity = { callId: asId<CallId>('c1'), number: '1', displayName: undefined, dialledNumber: '2', ...about };
  const state = { kind: 'collect-waiting', step: 'card', attempt: 1, digits: '4111111' } as const;
  const call = new Call(identity, log, { kind: 'flow', state });
  const endpointId = asId<EndpointId>('e1');
  call.customer = { endpointId, codec: 'PCMA', dialog: new DialogDouble('d1'), outgoing: undefined };
  return call;
};

const cardFlow = (sensitive: boolean) =>
  flowOf({
    answer: { do: 'answer', next: 'card' },
    card: {
      ...{ do: 'collect', prompts: [], variable: 'card', next: 'end', otherwise: 'end' },
      ...{ max: 16, timeoutMs: 5_000, attempts: 1, sensitive },
    },
    end: { do: 'hang-up', reason: 'done' },
  });

it('comes back as it was written', () => {
  const record = recordCall(callInFlow());
  expect(parseCallRecord(JSON.stringify(record))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(record)) });
});

it.each([
  ['no JSON', 'a call', 'is not understood'],
  ['another version', JSON.stringify({ ...recordCall(callInFlow()), version: 2 }), 'version'],
  ['an unknown phase', JSON.stringify({ ...recordCall(callInFlow()), phase: { kind: 'sleeping' } }), 'phase'],
  ['a leg without its endpoint', JSON.stringify({ ...recordCall(callInFlow()), customer: {} }), 'customer.endpointId'],
  ['nothing of a call', '[]', 'is not understood'],
])('refuses %s', (_what, json, reason) => {
  const parsed = parseCallRecord(json);
  expect(parsed.ok ? '' : parsed.fault.message).toContain(reason);
});

it('holds keys so far and secret values, but nothing that is sensitive', () => {
  const call = callInFlow();
  call.variables = new Variables({ name: 'Ann', pin: '1234', card: '4111' });
  call.variables.keepSecret('pin');
  call.variables.keepSensitive('card');
  call.flow = cardFlow(false);
  expect(recordCall(call)).toMatchObject({ phase: { state: { digits: '4111111' } }, flowId: 'f' });
  call.flow = cardFlow(true);
  const record = recordCall(call);
  expect(JSON.stringify(record)).not.toContain('4111');
  expect(record?.variables).toEqual({
    values: { name: 'Ann', pin: '1234' },
    secret: ['pin', 'card'],
    sensitive: ['card'],
  });
});

it('a caller without an answer is recorded by the INVITE that waits; while the answer is on its way there is no record', () => {
  const call = callInFlow();
  if (call.customer) call.customer.dialog = undefined;
  expect(recordCall(call)).toBeUndefined();
  const invite = new InviteDouble('caller', () => Promise.resolve());
  call.incoming = { invite, sdp: 'to be answered' };
  const record = recordCall(call);
  expect(record).toMatchObject({ incoming: { invite: { id: 'caller' }, sdp: 'to be answered' }, customer: {} });
  expect(parseCallRecord(JSON.stringify(record))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(record)) });
});
