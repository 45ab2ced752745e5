/** Every arc of the four tables, and that nothing else moves (RFC 3261, 17; RFC 6026). */
import { silentLogger } from '../../../../../base/log';
import { INVITE_CLIENT_ARCS } from '../../../../../signaling/sip/transaction/invite-client-fsm';
import { INVITE_SERVER_ARCS } from '../../../../../signaling/sip/transaction/invite-server-fsm';
import { type ArcTable, Machine } from '../../../../../signaling/sip/transaction/machine';
import { NON_INVITE_CLIENT_ARCS } from '../../../../../signaling/sip/transaction/non-invite-client-fsm';
import { NON_INVITE_SERVER_ARCS } from '../../../../../signaling/sip/transaction/non-invite-server-fsm';

type AnyTable = ArcTable<string, string, string>;

/** From, input → to, and what is done. Written from the RFC's figures, not from the tables. */
type Row = readonly [from: string, input: string, to: string, actions: string];

const INVITE_SERVER: readonly Row[] = [
  ['proceeding', 'invite', 'proceeding', 'resend-response'],
  ['proceeding', 'ack', 'proceeding', ''],
  ['proceeding', 'trying-due', 'proceeding', 'send-100'],
  ['proceeding', 'tu-1xx', 'proceeding', 'stop-trying send-response'],
  ['proceeding', 'tu-2xx', 'accepted', 'stop-trying start-L send-response'],
  ['proceeding', 'tu-300-699', 'completed', 'stop-trying start-G start-H send-response'],
  ['proceeding', 'transport-error', 'proceeding', 'inform-transport-error'],
  ['completed', 'invite', 'completed', 'resend-response'],
  ['completed', 'ack', 'confirmed', 'stop-G-H start-I report-ack'],
  ['completed', 'timer-G', 'completed', 'resend-response double-G'],
  ['completed', 'timer-H', 'terminated', 'inform-no-ack expire'],
  ['completed', 'transport-error', 'completed', 'inform-transport-error'],
  ['confirmed', 'invite', 'confirmed', ''],
  ['confirmed', 'ack', 'confirmed', ''],
  ['confirmed', 'timer-I', 'terminated', 'terminate'],
  ['confirmed', 'transport-error', 'confirmed', ''],
  ['accepted', 'invite', 'accepted', ''],
  ['accepted', 'ack', 'accepted', 'pass-ack'],
  ['accepted', 'tu-2xx', 'accepted', 'send-response'],
  ['accepted', 'timer-L', 'terminated', 'terminate'],
  ['accepted', 'transport-error', 'accepted', 'inform-transport-error'],
];

const NON_INVITE_SERVER: readonly Row[] = [
  ['trying', 'request', 'trying', ''],
  ['trying', 'tu-1xx', 'proceeding', 'send-response'],
  ['trying', 'tu-final', 'completed', 'stop-deadline start-J send-response'],
  ['trying', 'deadline', 'terminated', 'expire'],
  ['proceeding', 'request', 'proceeding', 'resend-response'],
  ['proceeding', 'tu-1xx', 'proceeding', 'send-response'],
  ['proceeding', 'tu-final', 'completed', 'stop-deadline start-J send-response'],
  ['proceeding', 'deadline', 'terminated', 'expire'],
  ['proceeding', 'transport-error', 'terminated', 'inform-transport-error abort'],
  ['completed', 'request', 'completed', 'resend-response'],
  ['completed', 'tu-final', 'completed', ''],
  ['completed', 'timer-J', 'terminated', 'terminate'],
  ['completed', 'transport-error', 'terminated', 'inform-transport-error abort'],
];

const INVITE_CLIENT: readonly Row[] = [
  ['calling', '1xx', 'proceeding', 'stop-A-B pass-provisional'],
  ['calling', '2xx', 'accepted', 'stop-A-B start-M pass-final'],
  ['calling', '300-699', 'completed', 'stop-A-B send-ack start-D pass-final'],
  ['calling', 'timer-A', 'calling', 'double-A resend-request'],
  ['calling', 'timer-B', 'terminated', 'inform-timeout expire'],
  ['calling', 'transport-error', 'terminated', 'inform-transport-error abort'],
  ['proceeding', '1xx', 'proceeding', 'pass-provisional'],
  ['proceeding', '2xx', 'accepted', 'stop-cancel-deadline start-M pass-final'],
  ['proceeding', '300-699', 'completed', 'stop-cancel-deadline send-ack start-D pass-final'],
  ['proceeding', 'cancel-deadline', 'terminated', 'inform-timeout expire'],
  ['proceeding', 'transport-error', 'proceeding', ''],
  ['completed', '1xx', 'completed', ''],
  ['completed', '2xx', 'completed', ''],
  ['completed', '300-699', 'completed', 'send-ack'],
  ['completed', 'timer-D', 'terminated', 'terminate'],
  ['completed', 'transport-error', 'terminated', 'abort'],
  ['accepted', '1xx', 'accepted', ''],
  ['accepted', '2xx', 'accepted', 'pass-final'],
  ['accepted', '300-699', 'accepted', ''],
  ['accepted', 'timer-M', 'terminated', 'terminate'],
  ['accepted', 'transport-error', 'accepted', ''],
];

const NON_INVITE_CLIENT: readonly Row[] = [
  ['trying', '1xx', 'proceeding', 'pass-provisional'],
  ['trying', 'final', 'completed', 'stop-E-F start-K pass-final'],
  ['trying', 'timer-E', 'trying', 'grow-E resend-request'],
  ['trying', 'timer-F', 'terminated', 'inform-timeout expire'],
  ['trying', 'transport-error', 'terminated', 'inform-transport-error abort'],
  ['proceeding', '1xx', 'proceeding', 'pass-provisional'],
  ['proceeding', 'final', 'completed', 'stop-E-F start-K pass-final'],
  ['proceeding', 'timer-E', 'proceeding', 'restart-E-at-T2 resend-request'],
  ['proceeding', 'timer-F', 'terminated', 'inform-timeout expire'],
  ['proceeding', 'transport-error', 'terminated', 'inform-transport-error abort'],
  ['completed', '1xx', 'completed', ''],
  ['completed', 'final', 'completed', ''],
  ['completed', 'timer-K', 'terminated', 'terminate'],
  ['completed', 'transport-error', 'completed', ''],
];

const MACHINES: readonly (readonly [string, AnyTable, readonly Row[]])[] = [
  ['INVITE server', INVITE_SERVER_ARCS, INVITE_SERVER],
  ['non-INVITE server', NON_INVITE_SERVER_ARCS, NON_INVITE_SERVER],
  ['INVITE client', INVITE_CLIENT_ARCS, INVITE_CLIENT],
  ['non-INVITE client', NON_INVITE_CLIENT_ARCS, NON_INVITE_CLIENT],
];

const run = (table: AnyTable, initial: string) => {
  const done: string[] = [];
  const perform = (action: string): void => void done.push(action);
  return { done, machine: new Machine({ name: 'test', table, initial, log: silentLogger(), perform }) };
};

describe.each(MACHINES)('the %s transaction', (_name, table, rows) => {
  test.each(rows)('%s, %s → %s', (from, input, to, actions) => {
    const { machine, done } = run(table, from);
    machine.feed(input);
    expect(machine.state).toBe(to);
    expect(done.join(' ')).toBe(actions);
  });

  test('has no arcs but these', () => {
    const arcs = Object.entries(table).flatMap(([from, on]) => Object.keys(on).map((input) => `${from}, ${input}`));
    expect(arcs.sort()).toEqual(rows.map(([from, input]) => `${from}, ${input}`).sort());
  });

  test('refuses every other move, naming machine, state and input', () => {
    const inputs = new Set(rows.map(([, input]) => input));
    for (const from of Object.keys(table)) {
      for (const input of inputs) {
        if (table[from]?.[input]) continue;
        const { machine, done } = run(table, from);
        expect(() => machine.feed(input)).toThrow(`test: no arc from '${from}' on '${input}'`);
        expect(machine.state).toBe(from);
        expect(done).toEqual([]);
      }
    }
  });
});
