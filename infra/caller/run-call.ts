/** `npm run call`: places one call and tells what happens, until it ends. */
import { readFile, writeFile } from 'node:fs/promises';
import { lookup } from 'node:dns/promises';
import type { Clock } from '../../base/clock';
import { sleep } from '../../base/clock';
import { SwitchroomError, messageOf } from '../../base/errors';
import { SAMPLE_RATE_HZ } from '../../media/codec/g711';
import { resample } from '../../media/wav/resample';
import { monoSamples, readWav } from '../../media/wav/wav-reader';
import { pcm16Bytes, writeWav } from '../../media/wav/wav-header';
import type { TestCallEvent } from './call-events';
import type { CallCommand } from './command-line';
import { eventText, levelMeter, timed } from './narrator';
import { placeTestCall } from './test-call';
import type { TestCall } from './test-call';

const METER_PERIOD_MS = 1_000;
const PAUSE_OF_COMMA_MS = 1_000;
/** How long it may ring. */
const PATIENCE_MS = 120_000;

export interface RunCallOptions {
  readonly command: CallCommand;
  /** What the caller says unless the command names a file. */
  readonly sampleSpeech: string;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  /** Calls the handler when the person wants to hang up. */
  readonly onInterrupt: (handler: () => void) => void;
}

/** @throws SwitchroomError `bad_input` with a sentence that names the file. */
const loadSpeech = async (path: string): Promise<Int16Array> => {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new SwitchroomError('bad_input', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  const wav = readWav(bytes);
  if (!wav.ok) throw new SwitchroomError('bad_input', `${path} cannot be played: ${wav.fault.message}`);
  return resample(monoSamples(wav.value), wav.value.sampleRateHz, SAMPLE_RATE_HZ);
};

const resolveHost = async (host: string): Promise<string> => {
  try {
    return (await lookup(host, { verbatim: false })).address;
  } catch (error) {
    throw new SwitchroomError('bad_input', `The host ${host} is not known.`, { cause: error });
  }
};

/** Says the level once a second; silence that lasts is said once. */
const startMeter = (call: TestCall, { clock, say }: RunCallOptions): (() => void) => {
  let last = '';
  let heardMs = 0;
  const timer = clock.every(METER_PERIOD_MS, () => {
    const level = call.heardMs > heardMs ? call.heardLevelDbfs(METER_PERIOD_MS) : -Infinity;
    heardMs = call.heardMs;
    const text = levelMeter(level);
    if (text !== last || text !== 'silence') say(timed(call.elapsedMs, `hearing ${text}`));
    last = text;
  });
  return () => timer.cancel();
};

const pressDigits = async (call: TestCall, { command, clock }: RunCallOptions): Promise<void> => {
  await sleep(clock, command.digitsAfterMs);
  for (const digit of command.digits) {
    if (digit === ',') await sleep(clock, PAUSE_OF_COMMA_MS);
    else await call.press(digit);
  }
};

const save = async (call: TestCall, path: string): Promise<string> => {
  const format = { encoding: 'pcm16', channels: 1, sampleRateHz: SAMPLE_RATE_HZ } as const;
  await writeFile(path, writeWav(format, pcm16Bytes(call.heard)));
  return `saved ${(call.heardMs / 1000).toFixed(1)} s of what was heard in ${path}`;
};

/**
 * Places the call and resolves when it is over: with 0 when it was answered, else 1.
 * @throws SwitchroomError with one sentence for people when it cannot be placed at all.
 */
export const runCall = async (options: RunCallOptions): Promise<number> => {
  const { command, clock, say } = options;
  const samples = await loadSpeech(command.file ?? options.sampleSpeech);
  const call = await placeTestCall({
    number: command.number,
    from: command.from,
    host: await resolveHost(command.host),
    port: command.port,
    transport: command.transport,
    voice: { samples, loop: command.loop },
    clock,
    onEvent: (event: TestCallEvent) => say(timed(event.atMs, eventText(event))),
  });
  options.onInterrupt(() => void call.hangup());
  const impatience = clock.after(PATIENCE_MS, () => void (call.isAnswered || call.hangup()));
  const answered = await call.answered;
  impatience.cancel();
  if (answered.ok) {
    const stopMeter = startMeter(call, options);
    const limit = clock.after(command.lengthMs, () => void call.hangup());
    void pressDigits(call, options);
    await call.ended;
    stopMeter();
    limit.cancel();
  }
  await call.ended;
  if (command.save !== undefined && answered.ok) say(await save(call, command.save));
  return answered.ok ? 0 : 1;
};
