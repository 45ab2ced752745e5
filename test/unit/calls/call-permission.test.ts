import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { createCallPermission, numberClassOf } from '../../../calls/call-permission';
import { callRuleBodySchema } from '../../../api/contract/routing';
import { bestMatch, matchPattern } from '../../../base/number-pattern';
import type { CallRule, CallerListRule } from '../../../store/call-rules';

const ANN = asId<AgentId>('ann');

describe('a pattern', () => {
  it.each([
    ['4000', '4000', true],
    ['4000', '40001', false],
    ['40XX', '4012', true],
    ['40XX', '401', false],
    ['0900.', '0900', true],
    ['0900.', '09001234', true],
    ['0900.', '0901', false],
    ['+49.', '+4930', true],
    ['.', '', true],
    ['anonymous', 'anonymous', true],
  ])('%s against %s: %s', (pattern, number, matches) => {
    expect(matchPattern(pattern, number) !== undefined).toBe(matches);
  });

  it.each(['', '4.0', '40 00', '+-', 'A1', '..'])('%j is none', (text) => {
    const rule = (pattern: string) => callRuleBodySchema.safeParse({ kind: 'number-class', patterns: [pattern] });
    expect(rule('+49X.').success).toBe(true);
    expect(rule(text).success).toBe(false);
  });

  it('with more literal characters is the better one, then the longer, then the exact one', () => {
    expect(bestMatch(['.', '4.', '40XX', '401X', '401X.'], '4012')?.pattern).toBe('401X');
    expect(bestMatch(['0.', 'XXXXX.'], '030123')?.pattern).toBe('0.');
  });
});

it.each([
  ['112', 'emergency'],
  ['1001', 'internal'],
  ['30123456', 'local'],
  ['030123456', 'national'],
  ['0033123456', 'international'],
  ['+33123456', 'international'],
  ['09001234567', 'premium'],
  ['+499001234567', 'premium'],
  ['*', 'other'],
])('%s is a number of the class %s', (number, numberClass) => {
  expect(numberClassOf([], number)).toBe(numberClass);
});

it('a stored class takes the place of the one that is built in', () => {
  const rules: CallRule[] = [{ _id: 'premium', kind: 'number-class', patterns: ['0190.'] }];
  expect(numberClassOf(rules, '0190123')).toBe('premium');
  expect(numberClassOf(rules, '0900123')).toBe('national');
});

describe('a call that goes out', () => {
  const standard: CallRule = {
    _id: 'standard',
    kind: 'service-class',
    allow: ['internal', 'local', 'national'],
    agents: [],
    callers: [],
    default: true,
  };
  const trusted: CallRule = { ...standard, _id: 'trusted', allow: ['premium'], agents: [ANN], default: false };
  const lobby: CallRule = { ...standard, _id: 'lobby', allow: ['internal'], callers: ['10XX'], default: false };
  const outbound = (rules: CallRule[], dialled: string, who: { agentId?: AgentId; caller?: string } = {}) =>
    createCallPermission(() => rules).outbound({ dialled, ...who });

  it('is permitted where there is no rule', () => {
    expect(outbound([], '0900123')).toEqual({ ok: true, value: { numberClass: 'premium', rule: 'no-rule' } });
  });

  it('is refused by the default class of service, in a sentence that names class and rule', () => {
    expect(outbound([standard], '0900123')).toMatchObject({
      ok: false,
      fault: {
        code: 'forbidden',
        message: 'You may not call premium numbers (rule standard); an administrator can permit it.',
        about: { key: 'number-class', values: { class: 'premium', rule: 'standard' } },
      },
    });
    expect(outbound([standard], '030123')).toMatchObject({ ok: true, value: { rule: 'standard' } });
  });

  it('goes by the agent’s class before the number’s, by the number’s before the default', () => {
    const rules = [standard, lobby, trusted];
    expect(outbound(rules, '0900123', { agentId: ANN, caller: '1001' }).ok).toBe(true);
    expect(outbound(rules, '030123', { caller: '1001' }).ok).toBe(false);
    expect(outbound(rules, '030123', { caller: '2001' }).ok).toBe(true);
  });

  it('to an emergency number is permitted whatever the rules say', () => {
    const blocked: CallRule = { _id: 'none', kind: 'destination-list', mode: 'block', patterns: ['.'] };
    const nothing: CallRule = { ...standard, allow: [] };
    expect(outbound([blocked, nothing], '112')).toEqual({
      ok: true,
      value: { numberClass: 'emergency', rule: 'emergency' },
    });
    expect(outbound([blocked, nothing], '113').ok).toBe(false);
  });

  it('to a listed destination is refused unless a better match allows it', () => {
    const block: CallRule = { _id: 'sat', kind: 'destination-list', mode: 'block', patterns: ['+88.'] };
    const allow: CallRule = { _id: 'ship', kind: 'destination-list', mode: 'allow', patterns: ['+88212.'] };
    expect(outbound([block, allow], '+8811')).toMatchObject({
      ok: false,
      fault: { about: { key: 'destination', values: { number: '+8811', rule: 'sat' } } },
    });
    expect(outbound([block, allow], '+882123').ok).toBe(true);
    const same: CallRule = { ...allow, patterns: ['+88.'] };
    expect(outbound([same, block], '+8811').ok).toBe(false);
    expect(outbound([block, same], '+8811').ok).toBe(false);
  });
});

describe('a call that comes in', () => {
  const list = (_id: string, mode: CallerListRule['mode'], over: Partial<CallerListRule> = {}): CallerListRule => ({
    _id,
    kind: 'caller-list',
    mode,
    callers: ['+4930.'],
    called: ['.'],
    refusal: { do: 'reject', status: 603 },
    ...over,
  });
  const inbound = (rules: CallRule[], caller: string, called = '4000') =>
    createCallPermission(() => rules).inbound({ caller, called });

  it('is refused as the list says', () => {
    const nuisance = list('nuisance', 'block', { refusal: { do: 'reject', status: 486, reason: 'No' } });
    expect(inbound([nuisance], '+4930123')).toEqual({ admit: false, rule: 'nuisance', refusal: nuisance.refusal });
    expect(inbound([nuisance], '+4940123')).toEqual({ admit: true, rule: undefined });
  });

  it('is admitted when a better match allows it', () => {
    const rules = [list('b', 'block'), list('a', 'allow', { callers: ['+4930123'] })];
    expect(inbound(rules, '+4930123')).toEqual({ admit: true, rule: 'a' });
    expect(inbound(rules, '+4930124').admit).toBe(false);
  });

  it('is refused from a number that is not among the only ones, where the dialled number has such a list', () => {
    const rules = [list('vip', 'only', { called: ['4999'] })];
    expect(inbound(rules, '+4930123', '4999').admit).toBe(true);
    expect(inbound(rules, '+4940123', '4999')).toMatchObject({ admit: false, rule: 'vip' });
    expect(inbound(rules, '+4940123', '4000').admit).toBe(true);
  });
});
