/** Whether a WebSocket message is unfinished, however its frames are cut. */
import { WsFrames } from '../../../../../signaling/edge/transport/ws-frames';

const TEXT = 1;
const CONTINUATION = 0;
const PING = 9;

const frame = (opcode: number, payloadBytes: number, { fin = true, masked = true } = {}): Buffer => {
  const bit = masked ? 0x80 : 0;
  const length =
    payloadBytes < 126
      ? Buffer.from([bit | payloadBytes])
      : payloadBytes < 65_536
        ? Buffer.from([bit | 126, payloadBytes >> 8, payloadBytes & 0xff])
        : Buffer.from([bit | 127, 0, 0, 0, 0, 0, payloadBytes >> 16, (payloadBytes >> 8) & 0xff, payloadBytes & 0xff]);
  return Buffer.concat([
    Buffer.from([(fin ? 0x80 : 0) | opcode]),
    length,
    Buffer.alloc(masked ? 4 : 0, 1),
    Buffer.alloc(payloadBytes, 0xff),
  ]);
};

it.each([0, 1, 125, 126, 65_535, 65_536])('a frame of %d bytes is whole with its last byte only', (payloadBytes) => {
  for (const masked of [true, false]) {
    const bytes = frame(TEXT, payloadBytes, { masked });
    const frames = new WsFrames();
    expect(frames.push(bytes.subarray(0, 1))).toBe(false);
    expect(frames.isWithinMessage).toBe(true);
    expect(frames.push(bytes.subarray(1, -1))).toBe(false);
    expect(frames.isWithinMessage).toBe(true);
    expect(frames.push(bytes.subarray(-1))).toBe(true);
    expect(frames.isWithinMessage).toBe(false);
  }
});

it('a message of several frames is unfinished until the last, whatever control frames come between', () => {
  const frames = new WsFrames();
  expect(frames.push(frame(TEXT, 10, { fin: false }))).toBe(false);
  expect(frames.push(frame(PING, 3))).toBe(false);
  expect(frames.push(frame(CONTINUATION, 10, { fin: false }))).toBe(false);
  expect(frames.isWithinMessage).toBe(true);
  expect(frames.push(frame(CONTINUATION, 10))).toBe(true);
  expect(frames.isWithinMessage).toBe(false);
});

it('tells of a message that ended although the next has begun', () => {
  const frames = new WsFrames();
  expect(frames.push(Buffer.concat([frame(TEXT, 300), frame(TEXT, 300).subarray(0, 50)]))).toBe(true);
  expect(frames.isWithinMessage).toBe(true);
});

it('follows byte by byte', () => {
  const frames = new WsFrames();
  const bytes = Buffer.concat([
    frame(TEXT, 200, { fin: false }),
    frame(PING, 5),
    frame(CONTINUATION, 0),
    frame(PING, 0),
  ]);
  const ended = [...bytes].filter((byte) => frames.push(Buffer.from([byte])));
  expect(ended).toHaveLength(2);
  expect(frames.isWithinMessage).toBe(false);
});
