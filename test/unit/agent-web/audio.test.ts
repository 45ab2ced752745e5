import { sortDevices } from '../../../agent-web/src/phone/devices';
import { levelOf } from '../../../agent-web/src/phone/level';
import { microphoneProblemOf } from '../../../agent-web/src/phone/microphone';

const tone = (amplitude: number): number[] =>
  Array.from({ length: 1000 }, (_, index) => amplitude * Math.sin((2 * Math.PI * index) / 50));

describe('the level', () => {
  test('is nothing in silence', () => {
    expect([levelOf([]), levelOf([0, 0, 0])]).toEqual([0, 0]);
  });

  test('rises evenly with the loudness to the ear: a tenth of the amplitude is 20 dB', () => {
    expect(levelOf(tone(0.1)) - levelOf(tone(0.01))).toBeCloseTo(20 / 54, 2);
  });

  test('never leaves its scale', () => {
    expect(levelOf(tone(1))).toBeLessThanOrEqual(1);
    expect(levelOf(tone(1e-9))).toBe(0);
  });
});

const device = (kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo => ({
  kind,
  deviceId,
  label,
  groupId: '',
  toJSON: () => undefined,
});

describe('the devices', () => {
  test('are sorted by kind, without cameras, the doubled default and those without a name', () => {
    const devices = sortDevices([
      device('audioinput', 'default', 'Default - Headset'),
      device('audioinput', 'm1', 'Headset'),
      device('audioinput', 'm2', ''),
      device('videoinput', 'v1', 'Camera'),
      device('audiooutput', 's1', 'Desk speaker'),
    ]);
    expect(devices).toEqual({
      microphones: [{ deviceId: 'm1', label: 'Headset' }],
      speakers: [{ deviceId: 's1', label: 'Desk speaker' }],
    });
  });
});

describe('a microphone that cannot be opened', () => {
  test.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'in-use'],
    ['TypeError', 'failed'],
  ])('%s means %s', (name, problem) => {
    expect(microphoneProblemOf(Object.assign(new Error('no'), { name }))).toBe(problem);
  });

  test('may fail with something that is no error', () => {
    expect(microphoneProblemOf('no')).toBe('failed');
  });
});
