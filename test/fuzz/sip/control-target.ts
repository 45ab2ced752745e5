/** drachtio's wire protocol: broken input is refused in the one way, and how a stream is cut never changes its meaning. */
import { SeededRandom } from '../../../base/random';
import { parseCommand } from '../../../signaling/edge/control/command';
import { ControlFormatError, encodeFrame, FrameDecoder } from '../../../signaling/edge/control/frame';
import { mutateText } from '../../support/mutate';
import type { Execution } from './campaign';
import { anyMessage } from './grammar';

const MAX_MESSAGE_BYTES = 64 * 1024;
const MESSAGES = 4;

const command = (random: SeededRandom): string => {
  const id = random.pick(['a-1', '0f0f', '', 'x'.repeat(65), 'é']);
  const sip = (): string => anyMessage(random).toString('utf8');
  const name = random.pick(['txn', '', 'unsolicited']);
  return random.pick<() => string>([
    () => `${id}|authenticate|secret|tag1,tag2`,
    () => `${id}|route|${random.pick(['invite', 'cdr:start', '', 'x|y'])}`,
    () => `${id}|remove_route|bye`,
    () => `${id}|ping`,
    () => `${id}|sip|${name}|${random.pick(['', 'call;from-tag=1'])}\r\n${sip()}`,
    () => `${id}|sip|||sip:proxy.example\r\n${sip()}`,
    () => `${id}|proxy|${name}|remainInDialog|fullResponse|followRedirects|simultaneous|1s|2s|${sip()}\r\n${sip()}`,
    () => `${id}|${random.pick(['unknown', '', '|||'])}`,
  ])();
};

const stream = (random: SeededRandom): Buffer => {
  const frames = Array.from({ length: MESSAGES }, () => {
    const whole = Buffer.from(encodeFrame(command(random)));
    return random.next() < 0.15 ? mutateText([whole], random) : whole;
  });
  return Buffer.concat(frames);
};

interface Meaning {
  readonly messages: readonly string[];
  readonly refused: boolean;
}

/** What a stream means, up to where it is refused. Of the piece in which it is, nothing counts. */
const meaningOf = (bytes: Buffer, nextPiece: () => number): Meaning => {
  const decoder = new FrameDecoder(MAX_MESSAGE_BYTES);
  const messages: string[] = [];
  try {
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + nextPiece());
      for (const text of decoder.push(bytes.subarray(at, end))) messages.push(JSON.stringify(read(text)));
      at = end;
    }
  } catch (error) {
    if (!(error instanceof ControlFormatError)) throw error;
    return { messages, refused: true };
  }
  return { messages, refused: false };
};

/** A refusal takes the messages of its own piece with it: then one may have more of them than the other. */
const isSame = (one: Meaning, other: Meaning): boolean => {
  if (one.refused !== other.refused) return false;
  const [fewer, more] = one.messages.length < other.messages.length ? [one, other] : [other, one];
  if (!one.refused && fewer.messages.length !== more.messages.length) return false;
  return fewer.messages.every((message, index) => message === more.messages[index]);
};

const read = (text: string): unknown => {
  try {
    return parseCommand(text);
  } catch (error) {
    if (error instanceof ControlFormatError) return error.message;
    throw error;
  }
};

export const controlExecution = (seed: number): Execution => {
  const random = new SeededRandom(seed);
  const bytes = stream(random);
  const pieceSeed = random.int(2 ** 31);
  return {
    show: () => JSON.stringify(bytes.toString('latin1')),
    run: () => {
      const pieces = new SeededRandom(pieceSeed);
      const cut = meaningOf(bytes, () => 1 + pieces.int(pieces.pick([5, 200, 4_000])));
      const whole = meaningOf(bytes, () => 700);
      if (!isSame(cut, whole)) throw new Error('it depends on how the stream is cut');
      return MESSAGES;
    },
  };
};
