/** The caller's sound: speaks from memory, hears, presses keys. Its RTP is the product's own RTP endpoint. */
import type { Clock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import type { Logger } from '../../base/log';
import type { Result } from '../../base/result';
import { ok } from '../../base/result';
import { isG711 } from '../../media/codec/codecs';
import { FRAME_SAMPLES, decodeG711 } from '../../media/codec/g711';
import { DigitSender } from '../../media/dtmf/digit-sender';
import { ToneSender } from '../../media/dtmf/tone-sender';
import type { EndpointNotice, MediaEndpoint, StreamPacket } from '../../media/endpoint/endpoint';
import { RtpEndpointFactory } from '../../media/endpoint/rtp-factory';
import { FrameTicker } from '../../media/frame-ticker';
import type { DigitForm, DtmfMode, G711Codec } from '../../media/ports';
import type { Sound } from '../../media/prompts/sound';
import { EncodedSound, silenceOf } from '../../media/prompts/sound';
import { wrapSequence, wrapTimestamp } from '../../media/rtp/sequence';
import { nextSourceId } from '../../media/source-id';
import { HeardSound } from './heard-sound';

export const DIGIT_MS = 120;
/** Far from the product's own range. */
const RTP_PORTS = { first: 30_000, last: 32_767 };

/** What the caller says once the call is answered. Samples of 8 kHz; said again and again when `loop`. */
export interface Voice {
  readonly samples: Int16Array;
  readonly loop: boolean;
}

export interface CallerMediaOptions {
  /** The address that the server can send to. */
  readonly address: string;
  readonly codecs: readonly G711Codec[];
  readonly dtmf?: DtmfMode | undefined;
  /** Left out: silence. */
  readonly voice?: Voice | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether {@link CallerMedia.heard} is of interest. Default true. */
  readonly keepsSound?: boolean | undefined;
  /** Each audio packet as it arrives, 8 kHz. */
  readonly onAudio?: ((samples: Int16Array) => void) | undefined;
  /** Each frame of 20 ms as it is sent, counted from 0. */
  readonly onSpoken?: ((frame: number) => void) | undefined;
  /** The first sound has come. */
  readonly onFirstSound: () => void;
  /** The far end has pressed a key. */
  readonly onDigit: (digit: string, form: DigitForm) => void;
  /** No packet came for a minute. */
  readonly onLost: () => void;
}

export class CallerMedia {
  readonly heard = new HeardSound();
  private readonly digits: DigitSender;
  private tones: ToneSender | undefined;
  private readonly ticker: FrameTicker;
  private readonly sourceId = nextSourceId();
  private stopSpeaking: (() => void) | undefined;
  private sentFrames = 0;

  private constructor(
    private readonly endpoint: MediaEndpoint,
    /** Our offer. */
    readonly offer: string,
    private readonly options: CallerMediaOptions,
  ) {
    this.ticker = new FrameTicker(options.clock);
    this.digits = new DigitSender({
      clock: options.clock,
      sourceId: nextSourceId(),
      send: (packet) => endpoint.send(packet),
    });
    endpoint.onPacket((packet) => {
      const { codec } = this;
      if (packet.content !== 'audio' || !codec) return;
      options.onAudio?.(decodeG711(codec, packet.payload));
      if (options.keepsSound !== false) this.heard.add(packet, codec);
    });
  }

  static async open(options: CallerMediaOptions): Promise<Result<CallerMedia>> {
    const { address, codecs, clock, log } = options;
    const factory = new RtpEndpointFactory({ bindAddress: address, rtpPorts: RTP_PORTS, clock, log });
    const notify = (notice: EndpointNotice): void => {
      if (notice.type === 'connected') options.onFirstSound();
      if (notice.type === 'digit') options.onDigit(notice.digit, notice.form);
      if (notice.type === 'endpoint-lost') options.onLost();
    };
    const dtmf = options.dtmf === undefined ? {} : { dtmf: options.dtmf };
    const opened = await factory.open({ endpointId: newId<EndpointId>(), kind: 'rtp', codecs, ...dtmf }, notify);
    if (!opened.ok) return opened;
    return ok(new CallerMedia(opened.value.endpoint, opened.value.opened.sdp, options));
  }

  get codec(): G711Codec | undefined {
    const { codec } = this.endpoint;
    return codec && isG711(codec) ? codec : undefined;
  }

  get stats(): ReturnType<MediaEndpoint['stats']> {
    return this.endpoint.stats();
  }

  /** Takes the answer and begins to speak. */
  async begin(answer: string): Promise<Result<void>> {
    const accepted = await this.endpoint.acceptAnswer(answer);
    if (!accepted.ok) return accepted;
    this.speak();
    return ok(undefined);
  }

  /** The answer to an offer within the call, such as hold. */
  async answerReoffer(offer: string): Promise<Result<string>> {
    const answered = await this.endpoint.answerReoffer(offer);
    return answered.ok ? ok(answered.value.sdp) : answered;
  }

  /** What the agreement leaves for keys. */
  get digitForm(): DigitForm {
    return this.endpoint.digitForm;
  }

  /** Resolves when the key has been released. */
  press(digit: string, form: Exclude<DigitForm, 'info'>): Promise<void> {
    if (form === 'rfc4733') return this.digits.send(digit, DIGIT_MS);
    const { codec, ticker, endpoint } = this;
    if (!codec) return Promise.resolve();
    const send = (packet: StreamPacket): void => endpoint.send(packet);
    this.tones ??= new ToneSender({ sourceId: nextSourceId(), codec, ticker, send });
    return this.tones.send(digit, DIGIT_MS);
  }

  /** Idempotent. */
  close(): void {
    this.stopSpeaking?.();
    this.stopSpeaking = undefined;
    this.digits.close();
    this.tones?.close();
    this.endpoint.close();
  }

  /** After the last word silence is sent, so that the far end sees that the caller is still there. */
  private speak(): void {
    const { codec } = this;
    if (!codec || this.stopSpeaking) return;
    const { voice } = this.options;
    const sound = voice ? new EncodedSound(voice.samples, codec) : silenceOf(0, codec);
    const silence = silenceOf(FRAME_SAMPLES / 8, codec);
    this.stopSpeaking = this.ticker.subscribe(() => this.sendFrame(this.frameOf(sound) ?? silence.frame(0)));
  }

  private frameOf(sound: Sound): Buffer | undefined {
    if (sound.frameCount === 0) return undefined;
    if (this.sentFrames >= sound.frameCount && this.options.voice?.loop !== true) return undefined;
    return sound.frame(this.sentFrames % sound.frameCount);
  }

  private sendFrame(payload: Buffer): void {
    const sent = this.sentFrames++;
    this.options.onSpoken?.(sent);
    this.endpoint.send({
      sourceId: this.sourceId,
      sequenceNumber: wrapSequence(sent),
      timestamp: wrapTimestamp(sent * FRAME_SAMPLES),
      marker: sent === 0,
      content: 'audio',
      payload,
    });
  }
}
