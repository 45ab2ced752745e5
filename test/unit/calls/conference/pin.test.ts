/** PINs: how they are keyed, what they give, and how long they may be guessed. */
import { SimulatedClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import { PinGuard } from '../../../../calls/conference/pin-guard';
import { asksForPin, keyed, roleOfPin } from '../../../../calls/conference/pin';

const keyedIn = (keys: string): string =>
  [...keys].reduce((soFar, key) => {
    const next = keyed(soFar, key);
    return next.kind === 'complete' ? `${next.digits}!` : next.digits;
  }, '');

it.each([
  ['1234#', '1234!'],
  ['12*99', '99'],
  ['#', '!'],
  ['123456789012', '123456789012!'],
])('%s becomes %s', (keys, read) => expect(keyedIn(keys)).toBe(read));

it('each PIN gives its role, none the one of the room, and any other none', () => {
  const room = { moderatorPin: '1111', participantPin: '2222', listenerPin: '3333', withoutPin: 'listener' } as const;
  expect(['1111', '2222', '3333', '', '4444', '111'].map((pin) => roleOfPin(room, pin))).toEqual([
    'moderator',
    'participant',
    'listener',
    'listener',
    undefined,
    undefined,
  ]);
  expect(roleOfPin({ moderatorPin: '1111', withoutPin: 'refused' }, '')).toBeUndefined();
});

it('asks for a PIN where there is one, or where nobody enters without', () => {
  expect(asksForPin({ withoutPin: 'participant' })).toBe(false);
  expect(asksForPin({ withoutPin: 'participant', moderatorPin: '1111' })).toBe(true);
  expect(asksForPin({ withoutPin: 'refused' })).toBe(true);
});

describe('guessing', () => {
  const clock = new SimulatedClock();
  const guessed: string[] = [];
  const guard = new PinGuard({ clock, log: silentLogger(), onGuessing: (roomId) => guessed.push(roomId) });
  const from = (number: string, roomId = 'room') => ({ number, roomId });
  const fail = (number: string, times: number): void => {
    for (let n = 0; n < times; n += 1) guard.failed(from(number));
  };

  it('six wrong PINs of one number lock it out of the room for a quarter of an hour, and nobody else', () => {
    fail('a', 5);
    expect(guard.mayTry(from('a'))).toBe(true);
    fail('a', 1);
    expect(guard.mayTry(from('a'))).toBe(false);
    expect(guard.mayTry(from('b'))).toBe(true);
    expect(guard.mayTry(from('a', 'other'))).toBe(true);
    clock.advance(15 * 60_000);
    expect(guard.mayTry(from('a'))).toBe(true);
  });

  it('the right PIN forgives the number', () => {
    fail('c', 5);
    guard.succeeded(from('c'));
    fail('c', 5);
    expect(guard.mayTry(from('c'))).toBe(true);
  });

  it('numbers that change with every guess close the room for PINs, with an alarm', () => {
    for (let n = 0; n < 60; n += 1) fail(`invented-${n}`, 1);
    expect(guessed).toContain('room');
    expect(guard.mayTry(from('somebody'))).toBe(false);
    clock.advance(60 * 60_000);
    expect(guard.mayTry(from('somebody'))).toBe(true);
  });
});
