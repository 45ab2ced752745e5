/** Where the keys come from, and what is said when they do not. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../base/log';
import { openSecretBox } from '../../../main/secret-keys';

const KEYS = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));

let dir: string;
let keyFile: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-'));
  keyFile = join(dir, 'secrets.key');
});
afterEach(() => rmSync(dir, { recursive: true }));

const open = (from: { keys?: string; mayMake?: boolean } = {}) =>
  openSecretBox({ keys: from.keys, keyFile, mayMake: from.mayMake ?? false }, silentLogger());

it('a fresh machine makes its own key, which only its owner reads, and finds it again', () => {
  const made = open({ mayMake: true });
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(open({ mayMake: true }).keyId).toBe(made.keyId);
  expect(Buffer.from(readFileSync(keyFile, 'utf8'), 'base64')).toHaveLength(32);
});

it('a file that was named must be there', () => {
  expect(() => open()).toThrow(/secrets\.key for secrets in the database cannot be read \(.*ENOENT.*\); put it back/);
});

it('the first line encrypts, the others are read', () => {
  writeFileSync(keyFile, `${KEYS[0]}\n`);
  const before = open().seal('geheim', 'here');
  writeFileSync(keyFile, `${KEYS[1]}\n\n${KEYS[0]}\n`);
  expect(open().open(before, 'here')).toEqual({ ok: true, value: 'geheim' });
  expect(open().isCurrent(before)).toBe(false);
});

it('keys of the environment go before the file', () => {
  writeFileSync(keyFile, `${KEYS[0]}\n`);
  const fromFile = open();
  const fromEnvironment = open({ keys: `${KEYS[1]},${KEYS[0]}` });
  expect(fromEnvironment.keyId).not.toBe(fromFile.keyId);
  expect(fromEnvironment.open(fromFile.seal('x', 'here'), 'here')).toEqual({ ok: true, value: 'x' });
});

it.each([
  ['', 'there is none'],
  ['short\n', 'entry 1 is none'],
  [`${Buffer.alloc(32).toString('base64')}\n${Buffer.alloc(31).toString('base64')}\n`, 'entry 2 is none'],
])('a file with %j is refused with its name, and without its content', (content, why) => {
  writeFileSync(keyFile, content);
  expect(() => open()).toThrow(`${keyFile} must hold keys of 32 bytes in base64, the first of which encrypts; ${why}.`);
});
