/** Secrets under lock: what opens them, and what does not. */
import { randomBytes } from 'node:crypto';
import { keyIdOf, SecretBox } from '../../../base/secret-box';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const PLACE = 'trunks/carrier/settings.account.password';

const sealed = (key = OLD): string => new SecretBox([key]).seal('geheim 密码', PLACE);

it('comes back as it was, and is different each time it is sealed', () => {
  const box = new SecretBox([OLD]);
  const [first, second] = [box.seal('geheim 密码', PLACE), box.seal('geheim 密码', PLACE)];
  expect(first).not.toBe(second);
  expect(first).not.toContain('geheim');
  expect(first).toContain(keyIdOf(OLD));
  expect([first, second].map((text) => box.open(text, PLACE))).toEqual([
    { ok: true, value: 'geheim 密码' },
    { ok: true, value: 'geheim 密码' },
  ]);
  expect(box.open(box.seal('', PLACE), PLACE)).toEqual({ ok: true, value: '' });
});

it('takes text that was never sealed as it is, which is not as it should be', () => {
  const box = new SecretBox([OLD]);
  expect(box.open('plain', PLACE)).toEqual({ ok: true, value: 'plain' });
  expect(box.isCurrent('plain')).toBe(false);
});

it('is opened by an older key, and sealed by the first', () => {
  const box = new SecretBox([NEW, OLD]);
  expect(box.open(sealed(OLD), PLACE)).toEqual({ ok: true, value: 'geheim 密码' });
  expect(box.isCurrent(sealed(OLD))).toBe(false);
  expect(box.isCurrent(box.seal('x', PLACE))).toBe(true);
  expect(box.keyId).toBe(keyIdOf(NEW));
});

it('names the key that is missing', () => {
  const opened = new SecretBox([NEW]).open(sealed(OLD), PLACE);
  expect(opened).toMatchObject({ ok: false, fault: { code: 'not_found' } });
  expect(JSON.stringify(opened)).toContain(keyIdOf(OLD));
});

it('is opened at no other place', () => {
  const opened = new SecretBox([OLD]).open(sealed(), 'trunks/other/settings.account.password');
  expect(opened).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
});

it('is refused when a single bit of it has changed, or some of it is missing', () => {
  const box = new SecretBox([OLD]);
  const text = sealed();
  const start = text.lastIndexOf(':') + 1;
  const bytes = Buffer.from(text.slice(start), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(box.open(text.slice(0, start) + changed.toString('base64url'), PLACE)).toMatchObject({ ok: false });
    const cut = text.slice(0, start) + bytes.subarray(0, at).toString('base64url');
    expect(box.open(cut, PLACE)).toMatchObject({ ok: false });
  }
});
