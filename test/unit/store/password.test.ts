import { scryptSync } from 'node:crypto';
import { hashPassword, verifyPassword } from '../../../store/password';

test('a hash verifies its password and no other', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await verifyPassword('correct horse', hash)).toBe(true);
  expect(await verifyPassword('correct horse ', hash)).toBe(false);
});

test('two hashes of one password differ', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

test('the parameters in the hash are those that are used', async () => {
  const salt = Buffer.from('saltsaltsaltsalt');
  const key = scryptSync('old', salt, 32, { N: 2 ** 10, r: 4, p: 2 });
  const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  expect(await verifyPassword('old', `$scrypt$ln=10,r=4,p=2$${text(salt)}$${text(key)}`)).toBe(true);
  expect(await verifyPassword('old', `$scrypt$ln=11,r=4,p=2$${text(salt)}$${text(key)}`)).toBe(false);
});

test('a password verifies in whichever Unicode form it is typed', async () => {
  const hash = await hashPassword('Zürich');
  expect(await verifyPassword('Zu\u0308rich', hash)).toBe(true);
});

test.each([
  '',
  'plain',
  '$scrypt$',
  '$scrypt$ln=99,r=8,p=1$AAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA',
])('what is no hash of ours verifies nothing: %s', async (hash) => {
  expect(await verifyPassword('x', hash)).toBe(false);
});
