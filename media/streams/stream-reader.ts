/**
 * One connection to a server that streams: its sound comes at 16 kHz, as fast as the server sends and no faster than it is
 * taken. The same rules as for all addresses that the product asks for: http or https, no redirection is followed.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../base/clock';
import { causeOf } from '../../base/errors';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import { RunningResampler, isResampled } from './running-resampler';
import { decoderFor } from './stream-decoder';
import type { StreamDecoder } from './stream-decoder';

export const STREAM_RATE_HZ = 16_000;
/** A server that says nothing for so long, at first or in between, is not there any more. */
const SILENCE_MS = 10_000;
/** With so many bytes in which there is no sound it is something else than it says. */
const MAX_STRANGE_BYTES = 512 * 1024;
/** Others have their turn after this much decoding, in pieces of some ten milliseconds of sound. */
const PIECES_A_TURN = 8;
const ACCEPT = 'audio/mpeg, audio/ogg, audio/wav;q=0.9';

export interface StreamReaderOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** Takes sound at {@link STREAM_RATE_HZ}; resolves when there is room for more. */
  readonly onSound: (samples: Int16Array) => Promise<void>;
}

/** Resolves with the reason, when the connection is over. */
export async function readStream(options: StreamReaderOptions): Promise<ReturnType<typeof fail>> {
  const { url, clock, signal } = options;
  const abort = new AbortController();
  const end = (): void => abort.abort();
  signal.addEventListener('abort', end, { once: true });
  let watch = clock.after(SILENCE_MS, end);
  const isAlive = (): void => {
    watch.cancel();
    watch = clock.after(SILENCE_MS, end);
  };
  try {
    const response = await fetch(url, { headers: { accept: ACCEPT }, redirect: 'error', signal: abort.signal });
    const decoder = await openDecoder(response);
    if (!decoder.ok) return decoder;
    try {
      return await follow(options, { response, decoder: decoder.value, isAlive, isFull: () => watch.cancel() });
    } finally {
      decoder.value.close();
    }
  } catch (error) {
    if (signal.aborted) return fail('closed', 'nobody listens any more');
    if (abort.signal.aborted) return fail('timeout', `nothing has come for ${SILENCE_MS / 1000} s`);
    return fail('unavailable', causeOf(error));
  } finally {
    watch.cancel();
    abort.abort();
    signal.removeEventListener('abort', end);
  }
}

async function openDecoder(response: Response): Promise<Result<StreamDecoder>> {
  if (!response.ok) return fail('unavailable', `the server answers ${response.status}`);
  return decoderFor(response.headers.get('content-type'));
}

interface Opened {
  readonly response: Response;
  readonly decoder: StreamDecoder;
  /** Something has come: it is waited for the next. */
  readonly isAlive: () => void;
  /** Nothing is taken from the server for now, for as long as {@link isAlive} is not called. */
  readonly isFull: () => void;
}

async function follow(options: StreamReaderOptions, opened: Opened): Promise<ReturnType<typeof fail>> {
  const { response, decoder, isAlive, isFull } = opened;
  const voice = new Voice();
  for await (const chunk of response.body ?? []) {
    isAlive();
    let pieces = 0;
    for (const { samples, sampleRateHz } of decoder.decode(Buffer.from(chunk as Uint8Array))) {
      if (!isResampled(sampleRateHz)) return fail('unsupported', `sound of ${sampleRateHz} Hz is not read`);
      // Waiting for room is no fault of the server's.
      isFull();
      for (const block of voice.blocks(samples, sampleRateHz)) await options.onSound(block);
      isAlive();
      pieces += 1;
      if (pieces % PIECES_A_TURN === 0) await nextTurn();
      if (options.signal.aborted) return fail('closed', 'nobody listens any more');
    }
    if (decoder.skippedBytes > MAX_STRANGE_BYTES) return fail('bad_input', 'what comes is not what it is said to be');
  }
  return fail('closed', 'the server has ended the stream');
}

/** The sound at one rate, whatever rates the server sends one after the other. */
class Voice {
  private resampler: RunningResampler | undefined;

  blocks(samples: Int16Array, rateHz: number): Int16Array[] {
    if (rateHz === STREAM_RATE_HZ) return [samples];
    if (this.resampler?.fromHz !== rateHz) this.resampler = new RunningResampler(rateHz, STREAM_RATE_HZ);
    return this.resampler.process(samples);
  }
}
