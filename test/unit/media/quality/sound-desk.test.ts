/** What is told of an endpoint whose packets stop, or carry nothing. */
import { SimulatedClock } from '../../../../base/clock';
import { newId } from '../../../../base/ids';
import type { EndpointId } from '../../../../base/ids';
import type { MediaEndpoint, PacketListener } from '../../../../media/endpoint/endpoint';
import { isDigitalSilence } from '../../../../media/quality/digital-silence';
import { SoundDesk } from '../../../../media/quality/sound-desk';

const SPEECH = Buffer.from(Array.from({ length: 160 }, (_, index) => index));
const SILENCE = Buffer.alloc(160, 0xd5);

const setUp = () => {
  const clock = new SimulatedClock();
  const told: string[] = [];
  let listener: PacketListener | undefined;
  const id = newId<EndpointId>();
  const endpoint = {
    id,
    codec: 'PCMA',
    onPacket: (added: PacketListener) => {
      listener = added;
      return () => void (listener = undefined);
    },
  } as unknown as MediaEndpoint;
  const desk = new SoundDesk({ clock, onChanged: ({ sound }) => told.push(`${clock.monotonicMs()} ${sound}`) });
  desk.watch(endpoint);
  const packet = { sourceId: 1, sequenceNumber: 0, timestamp: 0, marker: false, content: 'audio' } as const;
  const hear = (payload: Buffer, forMs: number): void => {
    for (let at = 0; at < forMs; at += 20) {
      listener?.({ ...packet, payload });
      clock.advance(20);
    }
  };
  const announcePause = (): void => listener?.({ ...packet, payload: SPEECH, announcesPause: true });
  return { clock, desk, id, told, hear, announcePause };
};

it('is told within 4 s when packets stop, and at once when they are back', () => {
  const { clock, told, hear } = setUp();
  hear(SPEECH, 2000);
  clock.advance(4000);
  hear(SPEECH, 1000);
  expect(told).toEqual(['500 heard', '5000 none', '6500 heard']);
});

it('a peer that announces its pause by comfort noise is heard for half a minute more, and at once when it speaks', () => {
  const { clock, told, hear, announcePause } = setUp();
  hear(SPEECH, 2000);
  announcePause();
  clock.advance(25_000);
  hear(SPEECH, 2000);
  announcePause();
  clock.advance(31_000);
  expect(told).toEqual(['500 heard', '59500 none']);
});

it('tells digital silence from sound and from no packets', () => {
  const { clock, told, hear } = setUp();
  hear(SILENCE, 1000);
  hear(SPEECH, 1000);
  hear(SILENCE, 4000);
  clock.advance(4000);
  expect(told).toEqual(['500 silent', '1500 heard', '5000 silent', '9000 none']);
});

it('says nothing of an endpoint that nothing has ever come from, and leaves no timer behind', () => {
  const { clock, desk, id, told } = setUp();
  clock.advance(20_000);
  expect(told).toEqual([]);
  desk.forget(id);
  expect(clock.pendingTimers).toBe(0);
});

it.each([
  ['PCMA', SILENCE, true],
  ['PCMU', Buffer.alloc(160, 0xff), true],
  ['PCMU', Buffer.alloc(160, 0x7f), true],
  ['PCMA', Buffer.from([...SILENCE.subarray(1), 0x55]), false],
  ['PCMA', Buffer.alloc(160, 0xff), false],
  ['PCMA', Buffer.alloc(0), true],
  ['OPUS', Buffer.alloc(3), true],
  ['OPUS', Buffer.alloc(40), false],
  ['G722', Buffer.alloc(160), false],
] as const)('%s: a payload that is digital silence or not', (codec, payload, silent) => {
  expect(isDigitalSilence(codec, payload)).toBe(silent);
});
