import { z } from 'zod';
import { ERROR_CODES, SwitchroomError } from '../../../base/errors';
import { expiredSessionCookie, sessionCookie, tokenOfCookies } from '../../../api/http/cookies';
import { badInputBody, faultBody, faultOf } from '../../../api/http/fault-body';
import { originVerdict } from '../../../api/http/origin';
import { HTTP_STATUS } from '../../../api/http/status';

describe('where a request comes from', () => {
  it.each([
    [{ host: 'desk.example', origin: 'https://desk.example' }, 'same'],
    [{ host: 'desk.example:8080', origin: 'http://desk.example:8080' }, 'same'],
    [{ host: 'Desk.Example:443', origin: 'https://desk.example' }, 'same'],
    [{ host: '[::1]:8080', origin: 'http://[::1]:8080' }, 'same'],
    [{ host: 'desk.example', origin: 'https://desk.example.evil' }, 'foreign'],
    [{ host: 'desk.example', origin: 'https://desk.example:8443' }, 'foreign'],
    [{ host: 'desk.example', origin: 'null' }, 'foreign'],
    [{ host: 'desk.example', origin: '' }, 'foreign'],
    [{ host: 'desk.example', origin: 'file://desk.example' }, 'foreign'],
    [{ origin: 'https://desk.example' }, 'foreign'],
    [{ host: 'desk.example', origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 'foreign'],
    [{ host: 'desk.example', 'sec-fetch-site': 'same-origin' }, 'same'],
    [{ host: 'desk.example', 'sec-fetch-site': 'none' }, 'same'],
    [{ host: 'desk.example', 'sec-fetch-site': 'same-site' }, 'foreign'],
    [{ host: 'desk.example', 'sec-fetch-site': 'cross-site' }, 'foreign'],
    [{ host: 'desk.example' }, 'absent'],
  ])('%j → %s', (headers, verdict) => {
    expect(originVerdict(headers)).toBe(verdict);
  });
});

describe('the session’s cookie', () => {
  it('is found among others', () => {
    expect(tokenOfCookies('a=1; switchroom_session=tok_en-1; b=2')).toBe('tok_en-1');
  });

  it.each([undefined, '', 'other=1', 'switchroom_session=', '%%%;;;===', '__proto__=x'])('is not in %s', (header) => {
    expect(tokenOfCookies(header)).toBeUndefined();
  });

  it('is Secure on encrypted connections only, and taken away by an empty one', () => {
    expect(sessionCookie('t', 5_999, true)).toBe(
      'switchroom_session=t; Max-Age=5; Path=/; HttpOnly; Secure; SameSite=Strict',
    );
    expect(expiredSessionCookie(false)).toBe('switchroom_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
  });
});

describe('faults', () => {
  it('have an HTTP status of 400 or more for every code', () => {
    expect(Object.keys(HTTP_STATUS).sort()).toEqual([...ERROR_CODES].sort());
    expect(Object.values(HTTP_STATUS).every((status) => status >= 400 && status < 600)).toBe(true);
  });

  it('of ours keep code and message; what is foreign is internal and keeps its message to itself', () => {
    expect(faultBody(faultOf(new SwitchroomError('busy', 'The line is busy.')))).toEqual({
      code: 'busy',
      message: 'The line is busy.',
    });
    expect(faultBody(faultOf(new Error('secret')))).toEqual({
      code: 'internal',
      message: 'The server failed; its log says why.',
    });
  });

  it('do not describe to strangers the part that does not answer', () => {
    const fault = faultOf(new SwitchroomError('unavailable', 'connect ECONNREFUSED 10.1.2.3:27017'));
    expect(faultBody(fault)).toEqual({
      code: 'unavailable',
      message: 'A part of the server does not answer; try again in a moment.',
    });
  });

  it('of bad input name nested and unknown fields, and no more than twenty of them', () => {
    const schema = z.strictObject({ a: z.array(z.strictObject({ b: z.number() })) });
    const error = (value: unknown) => schema.safeParse(value).error as z.ZodError;
    expect(badInputBody('body', error({ a: [{ b: 'x', c: 1 }] })).fields?.map(({ path }) => path)).toEqual([
      'a.0.b',
      'a.0.c',
    ]);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => ['x'.repeat(500) + index, 1]));
    const body = badInputBody('body', error({ a: [], ...many }));
    expect(body.fields).toHaveLength(20);
    expect(JSON.stringify(body).length).toBeLessThan(10_000);
  });
});
