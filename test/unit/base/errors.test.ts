import { InvariantError, SwitchroomError, invariant, messageOf, unreachable } from '../../../base/errors';
import { fail, ok } from '../../../base/result';

describe('errors', () => {
  test('carry their code, their sentence and where they come from', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new SwitchroomError('unavailable', 'the store does not answer', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'SwitchroomError',
      code: 'unavailable',
      message: 'the store does not answer',
      cause,
    });
  });

  test('an invariant is silent while it holds and names itself when it does not', () => {
    expect(() => invariant('something', 'never said')).not.toThrow();
    for (const broken of [false, 0, '', null, undefined])
      expect(() => invariant(broken, 'a call has a caller')).toThrow(new InvariantError('a call has a caller'));
  });

  test('a value that types rule out is shown when it comes all the same', () => {
    expect(() => unreachable({ kind: 'new' } as never)).toThrow('unexpected value {"kind":"new"}');
  });

  test.each([
    [new Error('broken'), 'broken'],
    ['broken', 'broken'],
    [undefined, 'undefined'],
    [42, '42'],
  ])('anything thrown has a message: %p', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});

describe('results', () => {
  test('a success carries its value, even when there is none', () => {
    expect(ok(7)).toEqual({ ok: true, value: 7 });
    expect(ok(undefined)).toEqual({ ok: true, value: undefined });
  });

  test('a failure carries code and sentence, and a cause only when there is one', () => {
    expect(fail('busy', 'the line is busy')).toStrictEqual({
      ok: false,
      fault: { code: 'busy', message: 'the line is busy' },
    });
    const cause = new Error('486');
    expect(fail('busy', 'the line is busy', cause).fault.cause).toBe(cause);
  });
});
