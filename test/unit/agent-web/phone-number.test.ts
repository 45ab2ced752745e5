import { cleanNumber, formatNumber } from '../../../agent-web/src/i18n/phone-number';

describe('a number is shown in groups', () => {
  test.each([
    ['+8613812345678', '+86 138 1234 5678'],
    ['+862155667788', '+86 21 5566 7788'],
    ['+14155550123', '+1 415 555 0123'],
    ['+442079460018', '+44 20 7946 0018'],
    ['+447700900123', '+44 7700 900 123'],
    ['+4930901820', '+49 30 9018 20'],
    ['+33142685300', '+33 1 42 68 53 00'],
    ['+85221234567', '+852 2123 4567'],
    ['+351210000000', '+351 210 000 000'],
    ['13812345678', '138 1234 5678'],
    ['02155667788', '021 5566 7788'],
    ['4155550123', '415 555 0123'],
    ['4000', '4000'],
    ['anonymous', 'anonymous'],
    ['', ''],
  ])('%s → %s', (number, shown) => {
    expect(formatNumber(number)).toBe(shown);
  });

  test('grouping adds blanks and nothing else', () => {
    for (let digits = 1; digits <= 20; digits += 1) {
      for (const first of ['1', '86', '44', '49', '81', '7']) {
        const number = `+${(first + '5739102846573910').slice(0, digits)}`;
        expect(formatNumber(number).replaceAll(' ', '')).toBe(number);
      }
    }
  });
});

describe('a pasted number is cleaned', () => {
  test.each([
    [' +1 (415) 555-0123 ', '+14155550123'],
    ['tel:+1-415-555-0123;ext=4', '+14155550123'],
    ['sip:1001@pbx.example.com', '1001'],
    ['+44 (0)20 7946 0018', '+442079460018'],
    ['１３８ １２３４ ５６７８', '13812345678'],
    ['010.5555.6666', '01055556666'],
    ['\u202a+49\u00a030 / 901820\u202c', '+4930901820'],
    ['0086‑21‑5566‑7788', '00862155667788'],
    ['*21#', '*21#'],
  ])('%s → %s', (text, number) => {
    expect(cleanNumber(text)).toBe(number);
  });

  test.each(['', '   ', 'call me', '12a4', '++1', '1+2', '*#', '1'.repeat(33)])('%j is no number', (text) => {
    expect(cleanNumber(text)).toBeUndefined();
  });
});
