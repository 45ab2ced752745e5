import { newId, newToken } from '../../../base/ids';
import type { CallId } from '../../../base/ids';

describe('ids and tokens', () => {
  test('a new id is a UUID of version 4, and no two are alike', () => {
    const ids = Array.from({ length: 1000 }, () => newId<CallId>());
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test.each([1, 16, 24, 33])('a token of %i bytes carries them all and needs no escaping in a URL', (bytes) => {
    const token = newToken(bytes);
    expect(encodeURIComponent(token)).toBe(token);
    expect(Buffer.from(token, 'base64url')).toHaveLength(bytes);
  });

  test('a token has 192 bits unless told otherwise, and no two are alike', () => {
    expect(Buffer.from(newToken(), 'base64url')).toHaveLength(24);
    expect(new Set(Array.from({ length: 1000 }, () => newToken())).size).toBe(1000);
  });
});
