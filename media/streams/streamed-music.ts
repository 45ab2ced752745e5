/** A stream as one listener hears it: live, or music of the library while the stream is away. */
import { FRAME_MS } from '../codec/g711';
import { silenceOf } from '../prompts/sound';
import type { Sound } from '../prompts/sound';
import type { SoundForm } from '../prompts/sound-library';
import type { Track } from '../prompts/track';
import type { Result } from '../../base/result';
import type { LiveStream, StreamListener } from './live-stream';

/** Longer than anybody waits; who does hears it begin anew, which does not show. */
const DAY_MS = 86_400_000;

export class StreamedMusic implements Sound {
  readonly frameCount = DAY_MS / FRAME_MS;
  private listener: StreamListener | undefined;
  private readonly silence: Buffer;

  /**
   * @param stream finds it: one that nobody has heard for a while is another one afterwards.
   * @param meanwhile a loop.
   */
  constructor(
    private readonly stream: () => Result<LiveStream>,
    private readonly form: SoundForm,
    private readonly meanwhile: Track | undefined,
  ) {
    this.silence = silenceOf(FRAME_MS, form.codec).frame(0);
  }

  frame(): Buffer {
    this.listener ??= this.begin();
    const live = this.listener?.next(this.form);
    if (live) return live;
    const other = this.meanwhile?.next();
    return other === undefined || other === 'wait' ? this.silence : other;
  }

  private begin(): StreamListener | undefined {
    const stream = this.stream();
    return stream.ok ? stream.value.listen() : undefined;
  }

  rest(): void {
    this.listener?.leave();
    this.listener = undefined;
    this.meanwhile?.rest();
  }
}
