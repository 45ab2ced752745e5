import { PassThrough } from 'node:stream';
import pino from 'pino';
import { TypedEmitter } from '../../../base/emitter';
import { silentLogger } from '../../../base/log';

interface Events {
  ring: [line: number, caller: string];
  end: [];
}

describe('an emitter', () => {
  test('gives every listener of the event its arguments, in the order of subscription', () => {
    const emitter = new TypedEmitter<Events>(silentLogger());
    const heard: string[] = [];
    emitter.on('ring', (line, caller) => void heard.push(`first ${line} ${caller}`));
    emitter.on('ring', (line) => void heard.push(`second ${line}`));
    emitter.on('end', () => void heard.push('end'));
    emitter.emit('ring', 1, 'alice');
    expect(heard).toEqual(['first 1 alice', 'second 1']);
  });

  test('forgets who unsubscribed, who wanted one event only, and everyone at the end', () => {
    const emitter = new TypedEmitter<Events>(silentLogger());
    const [left, once, onceLeft, stays] = [jest.fn(), jest.fn(), jest.fn(), jest.fn()];
    const off = emitter.on('end', left);
    emitter.once('end', once);
    emitter.once('end', onceLeft)();
    emitter.on('end', stays);
    off();
    off();
    emitter.emit('end');
    emitter.emit('end');
    emitter.removeAll();
    emitter.emit('end');
    expect([left, once, onceLeft, stays].map((listener) => listener.mock.calls.length)).toEqual([0, 1, 0, 2]);
  });

  test('a listener that subscribes or unsubscribes others does not change the round it is in', () => {
    const emitter = new TypedEmitter<Events>(silentLogger());
    const [second, late] = [jest.fn(), jest.fn()];
    emitter.on('end', () => {
      offSecond();
      emitter.on('end', late);
    });
    const offSecond = emitter.on('end', second);
    emitter.emit('end');
    expect([second.mock.calls.length, late.mock.calls.length]).toEqual([1, 0]);
  });

  test('contains what a listener throws: the others hear the event, the log names it', () => {
    const lines = new PassThrough();
    const emitter = new TypedEmitter<Events>(pino(lines));
    const next = jest.fn();
    emitter.on('end', () => {
      throw new Error('broken listener');
    });
    emitter.on('end', next);
    emitter.emit('end');
    expect(next).toHaveBeenCalledTimes(1);
    expect(JSON.parse(String(lines.read()))).toMatchObject({ event: 'end', err: { message: 'broken listener' } });
  });
});
