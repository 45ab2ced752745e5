/** Numbers on their way in and out, and the patterns that people may write for them. */
import { createNumberPlan } from '../../../../signaling/trunks/number-plan';
import { compilePattern } from '../../../../signaling/trunks/safe-pattern';
import type { NumberSettings } from '../../../../signaling/trunks/settings';

const planOf = (settings: NumberSettings) => {
  const plan = createNumberPlan(settings);
  if (!plan.ok) throw new Error(plan.fault.message);
  return plan.value;
};

const BERLIN: NumberSettings = { country: '49', area: '30' };
const SHANGHAI: NumberSettings = {
  country: '86',
  area: '21',
  rewriteIn: [{ match: '^1[3-9]\\d{9}$', replace: '+86$&' }],
};

describe('a number that comes in', () => {
  it.each<[NumberSettings, string, string]>([
    [BERLIN, '+49 (30) 555-123', '+4930555123'],
    [BERLIN, '004930555123', '+4930555123'],
    [BERLIN, '0171 5551234', '+491715551234'],
    [BERLIN, '555123', '+4930555123'],
    [BERLIN, '110', '110'],
    [BERLIN, '95588', '95588'],
    [BERLIN, 'alice', 'alice'],
    [BERLIN, '', ''],
    [{ country: '49' }, '555123', '555123'],
    [SHANGHAI, '13812345678', '+8613812345678'],
    [SHANGHAI, '013812345678', '+8613812345678'],
    [SHANGHAI, '62345678', '+862162345678'],
    [{ country: '1', internationalPrefix: '011', nationalPrefix: '1' }, '12125550100', '+12125550100'],
    [{ country: '45', nationalPrefix: '' }, '33112233', '+4533112233'],
    [{}, '0049 30', '0049 30'],
    [{ country: '49', rewriteIn: [{ match: '^99(\\d+)$', replace: '0$1' }] }, '99301234', '+49301234'],
  ])('by %j: %s is %s', (settings, number, expected) => {
    expect(planOf(settings).inbound(number)).toBe(expected);
  });
});

describe('a number that goes out', () => {
  it.each<[NumberSettings, string, string]>([
    [{ ...BERLIN, out: 'e164' }, '030555123', '+4930555123'],
    [{ ...BERLIN, out: 'digits' }, '+4930555123', '4930555123'],
    [{ ...BERLIN, out: 'international' }, '+33155512', '0033155512'],
    [{ ...BERLIN, out: 'national' }, '+4930555123', '030555123'],
    [{ ...BERLIN, out: 'national' }, '+33155512', '0033155512'],
    [{ ...BERLIN, out: 'digits' }, '110', '110'],
    [{ out: 'digits' }, '+49 30 555', '4930555'],
    [{}, '+49 30', '+49 30'],
    [{ ...BERLIN, out: 'digits', rewriteOut: [{ match: '^49', replace: '9#$&' }] }, '+4930555123', '9#4930555123'],
    [
      {
        rewriteOut: [
          { match: '^1', replace: 'a' },
          { match: 'a', replace: 'b' },
        ],
      },
      '12',
      'a2',
    ],
  ])('by %j: %s is %s', (settings, number, expected) => {
    expect(planOf(settings).outbound(number)).toBe(expected);
  });
});

describe('patterns', () => {
  it.each([
    ...['(a+)+', '(a|b)*c', '(\\d)\\1', '(?=1)2', '(?<!1)2', 'a*b*c*d*', '(', 'x'.repeat(201), '(a){2,}'],
    ...['\\d{0,63}'.repeat(4), '1?'.repeat(17), '(1|\\d)'.repeat(17), '(?:1|(2|3|4)){0,9}'],
  ])('refuses %s', (text) => {
    expect(compilePattern(text)).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  });

  it.each([
    ...['^\\+49(\\d+)$', '^0[1-9]', '^(?:110|112)$', '^[*#]\\d+', '\\(\\d+\\)', '[+*]{1,3}'],
    `^(?:${Array.from({ length: 40 }, (_, index) => index + 10).join('|')})?0?(\\d{6,9})$`,
  ])('takes %s', (text) => {
    expect(compilePattern(text).ok).toBe(true);
  });

  it('never take long on the longest number', () => {
    const pattern = compilePattern('\\d*\\d*\\d*x');
    if (!pattern.ok) throw new Error(pattern.fault.message);
    const startedMs = performance.now();
    pattern.value.test('1'.repeat(64));
    expect(performance.now() - startedMs).toBeLessThan(100);
  });

  it('that are malformed are named with their trunk', () => {
    expect(createNumberPlan({ rewriteIn: [{ match: '(', replace: '' }] })).toMatchObject({ ok: false });
    expect(createNumberPlan({ country: '049' })).toMatchObject({ ok: false });
  });
});
