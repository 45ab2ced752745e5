/** Numbers, money, dates and times as they are said in Chinese and in English. */
import { SeededRandom } from '../../../../base/random';
import { readOut } from '../../../../flows/reading/read-out';
import type { ReadOut, ReadingKind } from '../../../../flows/reading/read-out';

const said = (kind: ReadingKind, value: string, more: Pick<ReadOut, 'language'> & Partial<ReadOut>): string => {
  const reading = readOut({ kind, value, ...more });
  return reading.ok ? reading.value.text : reading.fault.code;
};
const zh = (kind: ReadingKind, value: string, currency?: string): string =>
  said(kind, value, { language: 'zh-CN', currency });
const en = (kind: ReadingKind, value: string, currency?: string): string =>
  said(kind, value, { language: 'en', currency });

describe('Chinese', () => {
  it.each([
    ['0', '零'],
    ['2', '二'],
    ['10', '十'],
    ['12', '十二'],
    ['20', '二十'],
    ['101', '一百零一'],
    ['110', '一百一十'],
    ['200', '二百'],
    ['1001', '一千零一'],
    ['1010', '一千零一十'],
    ['2000', '两千'],
    ['2222', '两千二百二十二'],
    ['10000', '一万'],
    ['10005', '一万零五'],
    ['10010', '一万零一十'],
    ['12000', '一万二千'],
    ['20000', '两万'],
    ['100500', '十万零五百'],
    ['105000', '十万五千'],
    ['220000', '二十二万'],
    ['1000000', '一百万'],
    ['10010001', '一千零一万零一'],
    ['100000000', '一亿'],
    ['100000001', '一亿零一'],
    ['200000000', '两亿'],
    ['100010000', '一亿零一万'],
    ['100020000', '一亿零二万'],
    ['1000200000000', '一万亿零二亿'],
    ['20002', '两万零二'],
    ['1020030040', '十亿二千零三万零四十'],
    ['1000000000000', '一万亿'],
    ['-5', '负五'],
    ['3.14', '三点一四'],
    ['0.05', '零点零五'],
    ['1,234,567', '一百二十三万四千五百六十七'],
  ])('the number %s is %s', (value, text) => expect(zh('number', value)).toBe(text));

  it.each([
    ['1234.56', '一千二百三十四元五角六分'],
    ['100.05', '一百元零五分'],
    ['100.50', '一百元五角'],
    ['0.5', '五角'],
    ['0.02', '两分'],
    ['0.22', '两角二分'],
    ['2', '两元'],
    ['0', '零元'],
    ['20000', '两万元'],
    ['-8.8', '负八元八角'],
    ['1.005', '一元零一分'],
    ['999.999', '一千元'],
  ])('¥%s is %s', (value, text) => expect(zh('amount', value)).toBe(text));

  it.each([
    ['USD', '2.50', '两美元五十美分'],
    ['EUR', '1', '一欧元'],
    ['GBP', '0.01', '一便士'],
    ['JPY', '1500.4', '一千五百日元'],
    ['HKD', '3.3', '三港元三角'],
  ])('%s %s is %s', (currency, value, text) => expect(zh('amount', value, currency)).toBe(text));

  it.each([
    ['digits', '1001', '幺零零幺'],
    ['digits', '138-0013 8000', '幺三八零零幺三八零零零'],
    ['digits', '*1#', '星号幺井号'],
    ['date', '2026-11-02', '二零二六年十一月二日'],
    ['date', '20261122', '二零二六年十一月二十二日'],
    ['time', '14:05', '下午两点零五分'],
    ['time', '00:30', '凌晨零点三十分'],
    ['time', '12:00', '中午十二点'],
    ['time', '22:22:02', '晚上十点二十二分二秒'],
    ['time', '2026-11-22T09:00:00Z', '上午九点零分零秒'],
    ['duration', '4805', '一小时二十分钟五秒'],
    ['duration', '7202', '两小时两秒'],
    ['duration', '0', '零秒'],
    ['percent', '12.5', '百分之十二点五'],
    ['percent', '-2', '百分之负二'],
    ['ordinal', '2', '第二'],
    ['ordinal', '12', '第十二'],
    ['text', ' 您好 ', '您好'],
  ] as const)('%s %s is %s', (kind, value, text) => expect(zh(kind, value)).toBe(text));
});

describe('English', () => {
  it.each([
    ['number', '0', 'zero'],
    ['number', '13', 'thirteen'],
    ['number', '21', 'twenty one'],
    ['number', '100', 'one hundred'],
    ['number', '1001', 'one thousand one'],
    ['number', '123456', 'one hundred twenty three thousand four hundred fifty six'],
    ['number', '1000000', 'one million'],
    ['number', '-3.05', 'minus three point zero five'],
    ['digits', '1001', 'one zero zero one'],
    ['digits', '+49 30', 'plus four nine three zero'],
    ['date', '2026-11-22', 'November twenty second twenty twenty six'],
    ['date', '2005-03-01', 'March first two thousand five'],
    ['date', '2000-12-30', 'December thirtieth two thousand'],
    ['date', '1905-01-12', 'January twelfth nineteen oh five'],
    ['date', '1900-05-20', 'May twentieth nineteen hundred'],
    ['time', '14:05', 'two oh five p.m.'],
    ['time', '00:00', 'twelve a.m.'],
    ['time', '09:30', 'nine thirty a.m.'],
    ['time', '12:00:01', 'twelve and one second p.m.'],
    ['duration', '3661', 'one hour one minute one second'],
    ['duration', '20:05', 'twenty minutes five seconds'],
    ['percent', '12.5', 'twelve point five percent'],
    ['ordinal', '1', 'first'],
    ['ordinal', '22', 'twenty second'],
    ['ordinal', '40', 'fortieth'],
    ['ordinal', '112', 'one hundred twelfth'],
    ['ordinal', '200', 'two hundredth'],
  ] as const)('%s %s is %s', (kind, value, text) => expect(en(kind, value)).toBe(text));

  it.each([
    ['USD', '1234.56', 'one thousand two hundred thirty four dollars and fifty six cents'],
    ['USD', '1.01', 'one dollar and one cent'],
    ['USD', '0.99', 'ninety nine cents'],
    ['USD', '0', 'zero dollars'],
    ['CNY', '1234.56', 'one thousand two hundred thirty four point five six yuan'],
    ['CNY', '2.50', 'two point five yuan'],
    ['GBP', '5.01', 'five pounds and one penny'],
    ['EUR', '-3', 'minus three euros'],
    ['JPY', '100', 'one hundred yen'],
  ])('%s %s is %s', (currency, value, text) => expect(en('amount', value, currency)).toBe(text));
});

it.each([
  ['number', 'twelve', 'bad_input'],
  ['number', '', 'bad_input'],
  ['number', '1'.repeat(16), 'bad_input'],
  ['number', '1e9', 'bad_input'],
  ['number', '12,34', 'bad_input'],
  ['amount', '12 yuan', 'bad_input'],
  ['digits', '12a', 'bad_input'],
  ['digits', '1'.repeat(65), 'bad_input'],
  ['date', '2026-02-30', 'bad_input'],
  ['date', '22.11.2026', 'bad_input'],
  ['time', '24:00', 'bad_input'],
  ['time', 'noon', 'bad_input'],
  ['duration', '-5', 'bad_input'],
  ['ordinal', '0', 'bad_input'],
] as const)('%s "%s" cannot be read', (kind, value, code) => {
  expect(zh(kind, value)).toBe(code);
  expect(en(kind, value)).toBe(code);
});

it('other currencies and languages are refused by name', () => {
  expect(zh('amount', '1', 'XXX')).toBe('bad_input');
  expect(said('number', '1', { language: 'de' })).toBe('unsupported');
  expect(said('text', 'Guten Tag', { language: 'de' })).toBe('Guten Tag');
});

/** An independent reader of Chinese numerals. */
const valueOfChinese = (text: string): bigint => {
  const digits: Readonly<Record<string, bigint>> = Object.fromEntries(
    [...'零一二三四五六七八九'].map((sign, index) => [sign, BigInt(index)]),
  );
  const units: Readonly<Record<string, bigint>> = { 十: 10n, 百: 100n, 千: 1000n };
  let [total, section, current] = [0n, 0n, 0n];
  const normal = text.replaceAll('万亿', '兆');
  for (const sign of normal) {
    const value = sign === '两' ? 2n : digits[sign];
    if (value !== undefined) current = value;
    else if (units[sign] !== undefined) {
      section += (current === 0n ? 1n : current) * (units[sign] ?? 0n);
      current = 0n;
    } else {
      const scale = { 万: 10_000n, 亿: 100_000_000n, 兆: 1_000_000_000_000n }[sign] ?? 0n;
      total += (section + current) * scale;
      [section, current] = [0n, 0n];
    }
  }
  return total + section + current;
};

it('whatever Chinese number is said means the value, and never has two 零 in a row', () => {
  const random = new SeededRandom(20_261_122);
  for (let round = 0; round < 3000; round += 1) {
    const length = 1 + random.int(15);
    // Many zeros: the gaps are what is difficult.
    const digits = Array.from({ length }, () => (random.int(2) === 0 ? '0' : String(random.int(10)))).join('');
    const value = BigInt(digits);
    const text = zh('number', String(value));
    expect([String(value), valueOfChinese(text)]).toEqual([String(value), value]);
    expect(text).not.toMatch(/零零|零$(?<!^零)|^零./);
  }
});

it('whatever English number is said means the value', () => {
  const small: Readonly<Record<string, number>> = Object.fromEntries(
    Array.from({ length: 100 }, (_, value) => [en('number', String(value)), value]),
  );
  const valueOf = (text: string): bigint => {
    let [total, part, words] = [0n, 0n, [] as string[]];
    const flush = (): void => {
      if (words.length > 0) part += BigInt(small[words.join(' ')] ?? NaN);
      words = [];
    };
    for (const one of text.split(' ')) {
      const scale = { thousand: 1000n, million: 1_000_000n, billion: 1_000_000_000n, trillion: 10n ** 12n }[one];
      if (one === 'hundred') {
        flush();
        part *= 100n;
      } else if (scale !== undefined) {
        flush();
        total += part * scale;
        part = 0n;
      } else words.push(one);
    }
    flush();
    return total + part;
  };
  const random = new SeededRandom(7);
  for (let round = 0; round < 3000; round += 1) {
    const value = BigInt(random.int(1_000_000_000)) * BigInt(1 + random.int(999_999));
    const shown = value % 10n ** BigInt(1 + random.int(15));
    expect(valueOf(en('number', String(shown)))).toBe(shown);
  }
});

it('every piece has a name that a prompt can have', () => {
  const values: [ReadingKind, string][] = [
    ['number', '-1234567.89'],
    ['amount', '1234.56'],
    ['digits', '1*2#3+'],
    ['date', '1999-12-31'],
    ['time', '23:59:59'],
    ['duration', '3723'],
    ['percent', '3.5'],
    ['ordinal', '100'],
  ];
  for (const language of ['en', 'zh-CN'])
    for (const [kind, value] of values)
      for (const currency of ['CNY', 'HKD', 'USD', 'EUR', 'GBP', 'JPY']) {
        const reading = readOut({ kind, value, language, currency });
        expect(reading.ok && reading.value.pieces.every((name) => /^[a-z0-9-]{1,64}$/.test(name))).toBe(true);
      }
});
