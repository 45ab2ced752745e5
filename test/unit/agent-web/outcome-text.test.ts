import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import i18next from 'i18next';
import { outcomeText } from '../../../agent-web/src/history/outcome-text';
import { en } from '../../../agent-web/src/i18n/en';
import { zh } from '../../../agent-web/src/i18n/zh';

const said = async (language: 'en' | 'zh', reason: string): Promise<string> => {
  await i18next.init({
    lng: language,
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
  });
  return outcomeText({ result: 'failed', reason, party: 'system' }, i18next.t);
};

/** Of the table of outcomes, which a test of the documents holds against the code. */
const documented = (): string[] => {
  const text = readFileSync(resolve(__dirname, '../../../docs/calls.md'), 'utf8');
  const [, table = ''] = text.split('| Result | Reason | Party | When |');
  const rows = (table.split('\n\n')[0] ?? '').split('\n').filter((row) => row.startsWith('| `'));
  const reasons = rows.flatMap((row) =>
    [...(row.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  // The name of a step, not of a reason.
  return [...new Set(reasons)].filter((reason) => reason !== 'hang-up');
};

test('the table of outcomes is read', () => {
  expect(documented()).toEqual(expect.arrayContaining(['hung-up', 'flow ended', 'app-interrupted']));
});

test.each(documented())('%s has a text in both languages', (reason) => {
  for (const { history } of [en, zh]) expect(Object.keys(history.reason)).toContain(reason);
});

test('says the reason and whose doing it was', async () => {
  expect(await said('en', 'media-timeout')).toBe('no audio arrived any more (Switchroom)');
  expect(await said('zh', 'media-timeout')).toBe('音频中断（责任方：系统）');
});

test("shows a flow's own reason as it is", async () => {
  expect(await said('zh', 'office closed')).toBe('office closed（责任方：系统）');
});
