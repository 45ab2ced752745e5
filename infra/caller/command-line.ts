/** The arguments of `npm run call -- …`. */
import { parseArgs } from 'node:util';
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { LineTransport } from './sip-line';

export const USAGE = `usage: npm run call -- NUMBER [options]

  --digits 1           keys to press (0-9 * # A-D); a comma waits one second
  --digits-after 3s    how long after the answer to press them
  --seconds 60         hang up so long after the answer
  --file speech.wav    what the caller says (WAV, any rate); without it a sample of speech
  --loop               say it again and again
  --save heard.wav     write what the caller heard
  --from +4930123456   the caller's number
  --host 127.0.0.1     where SIP is answered
  --port 5060
  --transport udp      or tcp
`;

export interface CallCommand {
  readonly number: string;
  readonly digits: string;
  readonly digitsAfterMs: number;
  /** From the answer on. */
  readonly lengthMs: number;
  readonly file: string | undefined;
  readonly loop: boolean;
  readonly save: string | undefined;
  readonly from: string;
  readonly host: string;
  readonly port: number;
  readonly transport: LineTransport;
}

const OPTIONS = {
  digits: { type: 'string', default: '' },
  'digits-after': { type: 'string', default: '3s' },
  seconds: { type: 'string', default: '60' },
  file: { type: 'string' },
  loop: { type: 'boolean', default: false },
  save: { type: 'string' },
  from: { type: 'string', default: '+4930123456' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '5060' },
  transport: { type: 'string', default: 'udp' },
} as const;

const DURATION = /^(\d+(?:\.\d+)?)(ms|s)?$/;
const NUMBER = /^[\w+*#.-]{1,64}$/;
const DIGITS = /^[0-9*#A-Da-d,]*$/;

/** Seconds without a unit. */
const durationMs = (text: string): number | undefined => {
  const match = DURATION.exec(text);
  return match ? Number(match[1]) * (match[2] === 'ms' ? 1 : 1000) : undefined;
};

const parse = (args: readonly string[]) => {
  try {
    return ok(parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true }));
  } catch (error) {
    return fail('bad_input', messageOf(error), error);
  }
};

/** Fails with one sentence that names the option and what it takes. */
export const parseCommandLine = (args: readonly string[]): Result<CallCommand> => {
  const parsed = parse(args);
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  const [number, ...rest] = positionals;
  if (number === undefined) return fail('bad_input', 'Whom to call is missing: npm run call -- 4000');
  if (rest.length > 0) return fail('bad_input', `One number is called at a time; ${rest.join(' ')} is too much.`);
  if (!NUMBER.test(number)) return fail('bad_input', `${number} is no number that can be called.`);
  if (!NUMBER.test(values.from)) return fail('bad_input', `--from ${values.from} is no number.`);
  if (!DIGITS.test(values.digits)) return fail('bad_input', `--digits ${values.digits}: keys are 0-9 * # A-D.`);
  const digitsAfterMs = durationMs(values['digits-after']);
  if (digitsAfterMs === undefined) {
    return fail('bad_input', `--digits-after ${values['digits-after']} is no duration such as 3s.`);
  }
  const lengthMs = durationMs(values.seconds);
  if (lengthMs === undefined || lengthMs <= 0 || lengthMs > 86_400_000) {
    return fail('bad_input', `--seconds ${values.seconds} is no duration of up to a day.`);
  }
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : 0;
  if (port < 1 || port > 65_535) return fail('bad_input', `--port ${values.port} is no port from 1 to 65535.`);
  const { file, save, loop, from, host, digits } = values;
  const transport = transportOf(values.transport);
  if (!transport) return fail('bad_input', `--transport ${values.transport} is not known; it is udp or tcp.`);
  return ok({ number, digits, digitsAfterMs, lengthMs, file, loop, save, from, host, port, transport });
};

const transportOf = (text: string): LineTransport | undefined =>
  (['udp', 'tcp'] as const).find((transport) => transport === text);
