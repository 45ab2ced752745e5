/**
 * In which form one leg's digits travel, in both directions.
 *
 * | mode | telephone-event agreed | from the peer | to the peer |
 * |---|---|---|---|
 * | `rfc4733` | yes | events | events |
 * | `auto` | yes | events; tones, made events for everybody else, as long as no event has come | events |
 * | `rfc4733`, `auto`, `inband` | no | tones, made events for everybody else | tones |
 * | `info` | no | nothing here: they come by SIP INFO | told to the app, which sends them by SIP INFO |
 */
import type { Clock } from '../../base/clock';
import type { StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec, DigitForm, DtmfMode } from '../ports';
import { DigitDetector } from './digit-detector';
import { InbandDigits } from './inband-digits';

export interface ReceivedDigit {
  readonly digit: string;
  readonly durationMs: number;
  readonly form: Exclude<DigitForm, 'info'>;
}

export interface LegDigitsOptions {
  readonly mode: DtmfMode;
  readonly clock: Clock;
  /** At the end of each key that the peer pressed. */
  readonly onDigit: (digit: ReceivedDigit) => void;
  /** An event was to be sent to a peer that has agreed to none: the key is to go out in another form. */
  readonly onDue: (digit: string, durationMs: number) => void;
}

export class LegDigits {
  private readonly events: DigitDetector;
  /** Of events that cannot be sent. */
  private readonly unsendable: DigitDetector;
  private readonly mode: DtmfMode;
  private tones: InbandDigits | undefined;
  private codec: AudioCodec | undefined;
  private agreedEvents = false;
  private heardEvents = false;

  constructor(private readonly options: LegDigitsOptions) {
    const { mode, clock, onDigit, onDue } = options;
    this.mode = mode;
    this.events = new DigitDetector({
      clock,
      onDigit: (digit, durationMs) => onDigit({ digit, durationMs, form: 'rfc4733' }),
    });
    this.unsendable = new DigitDetector({ clock, onDigit: onDue });
  }

  /** Whether telephone-event is offered and taken at all. */
  get takesEvents(): boolean {
    return this.mode === 'rfc4733' || this.mode === 'auto';
  }

  /** How digits go out. */
  get form(): DigitForm {
    if (this.mode === 'info') return 'info';
    return this.agreedEvents ? 'rfc4733' : 'inband';
  }

  /** Offer and answer have settled whether there are events, and which codec the leg's packets have. */
  agree(events: boolean, codec: AudioCodec): void {
    this.agreedEvents = events;
    this.codec = codec;
  }

  /** Takes a packet of the peer; what everybody else is to get of it. */
  incoming(packet: StreamPacket): StreamPacket {
    if (packet.content === 'telephone-event') {
      this.heardEvents = true;
      this.events.accept(packet);
      return packet;
    }
    const { mode } = this;
    if (mode === 'info' || !this.codec) return packet;
    const listens = !this.agreedEvents || (mode === 'auto' && !this.heardEvents);
    return listens ? this.listenTo(this.codec).accept(packet) : packet;
  }

  /** Made when it is needed first: most legs have events. */
  private listenTo(codec: AudioCodec): InbandDigits {
    const { clock, onDigit } = this.options;
    const report = (digit: string, durationMs: number): void => onDigit({ digit, durationMs, form: 'inband' });
    return (this.tones ??= new InbandDigits({ codec, clock, onDigit: report }));
  }

  /** Takes an event that the peer cannot be sent. */
  outgoing(packet: StreamPacket): void {
    this.unsendable.accept(packet);
  }

  /** Idempotent. */
  close(): void {
    this.events.close();
    this.unsendable.close();
    this.tones?.close();
  }
}
