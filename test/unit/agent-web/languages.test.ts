import { firstLanguage } from '../../../agent-web/src/i18n';
import { en } from '../../../agent-web/src/i18n/en';
import { formatDuration } from '../../../agent-web/src/i18n/format';
import { zh } from '../../../agent-web/src/i18n/zh';

interface Tree {
  readonly [key: string]: string | Tree;
}

const flatten = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flatten(value, `${path}${key}.`),
  );

const english = flatten(en);
const chinese = new Map(flatten(zh));
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort();

describe('the Chinese texts', () => {
  test('are as many as the English', () => {
    expect([...chinese.keys()].sort()).toEqual(english.map(([key]) => key).sort());
  });

  test.each(english)('%s has the same values to fill in', (key, text) => {
    expect(placeholders(chinese.get(key) ?? '')).toEqual(placeholders(text));
  });

  test('are Chinese, but for the name of the product', () => {
    const untranslated = [...chinese].filter(([, text]) => !/[\u4e00-\u9fff]/.test(text)).map(([key]) => key);
    expect(untranslated).toEqual(['app.name']);
  });

  test('use Chinese punctuation', () => {
    const western = [...chinese].filter(([, text]) => /[\u4e00-\u9fff][,.:;!?]/.test(text)).map(([key]) => key);
    expect(western).toEqual([]);
  });
});

describe('the first language', () => {
  test.each([
    [undefined, ['zh-CN', 'en'], 'zh'],
    [undefined, ['fr-FR', 'zh-Hans-SG'], 'zh'],
    [undefined, ['de', 'fr'], 'en'],
    [undefined, [], 'en'],
    ['zh', ['en-US'], 'zh'],
    ['klingon', ['zh'], 'zh'],
  ])('remembered %s, browser %j → %s', (remembered, preferred, language) => {
    expect(firstLanguage(remembered, preferred)).toBe(language);
  });
});

describe('a duration', () => {
  test.each([
    [-5, '0:00'],
    [999, '0:00'],
    [65_000, '1:05'],
    [3_599_999, '59:59'],
    [3_600_000, '1:00:00'],
    [36_061_000, '10:01:01'],
  ])('%d ms is %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});
