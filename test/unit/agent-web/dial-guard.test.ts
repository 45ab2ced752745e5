import { DialGuard } from '../../../agent-web/src/phone/dial-guard';

describe('the dial guard', () => {
  test('refuses an automatic answer that nobody here asked for', () => {
    expect(new DialGuard().take(1000)).toBe(false);
  });

  test('lets the call through that was asked for', () => {
    const guard = new DialGuard(15_000);
    guard.expect(1000);
    expect(guard.take(16_000)).toBe(true);
  });

  test('lets only one call through', () => {
    const guard = new DialGuard();
    guard.expect(1000);
    expect([guard.take(2000), guard.take(2001)]).toEqual([true, false]);
  });

  test('forgets after its window', () => {
    const guard = new DialGuard(15_000);
    guard.expect(1000);
    expect(guard.take(16_001)).toBe(false);
  });

  test('forgets a dial that was refused', () => {
    const guard = new DialGuard();
    guard.expect(1000);
    guard.forget();
    expect(guard.take(1001)).toBe(false);
  });
});
