/**
 * Whether each peer is heard: tells when packets stay away or carry nothing but digital silence, and when sound is back.
 * A packet costs two flags; one timer looks at all endpoints.
 */
import type { Clock, Timer } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { MediaEvent, PeerSound } from '../ports';
import { isDigitalSilence } from './digital-silence';

const LOOK_MS = 500;
/** Looks in a row without packets, or without sound: with the time between looks 3 to 3.5 s. */
const QUIET_LOOKS = 6;
/** A peer that has announced its pause by comfort noise has 30 s: there need be no packets in it, and few are longer. */
const PAUSED_LOOKS = 60;

type SoundChanged = Extract<MediaEvent, { type: 'sound-changed' }>;

interface Watched {
  readonly endpointId: EndpointId;
  readonly unsubscribe: () => void;
  /** Since the last look. */
  packets: boolean;
  sound: boolean;
  /** The last packet has announced a pause. */
  pauses: boolean;
  looksWithoutPackets: number;
  looksWithoutSound: number;
  /** As told last. */
  told: PeerSound;
}

export class SoundDesk {
  private readonly watched = new Map<EndpointId, Watched>();
  private timer: Timer | undefined;

  constructor(private readonly deps: { readonly clock: Clock; readonly onChanged: (event: SoundChanged) => void }) {}

  /** Nothing is told before the first sound, or the first packets without any. */
  watch(endpoint: MediaEndpoint): void {
    const watched: Watched = {
      endpointId: endpoint.id,
      unsubscribe: endpoint.onPacket(({ content, payload, announcesPause }) => {
        watched.packets = true;
        watched.pauses = announcesPause === true;
        // A key that is pressed is a sign of life, and takes the place of sound.
        watched.sound ||= content !== 'audio' || !endpoint.codec || !isDigitalSilence(endpoint.codec, payload);
      }),
      packets: false,
      sound: false,
      pauses: false,
      looksWithoutPackets: QUIET_LOOKS,
      looksWithoutSound: QUIET_LOOKS,
      told: 'none',
    };
    this.watched.set(endpoint.id, watched);
    this.timer ??= this.deps.clock.every(LOOK_MS, () => this.look());
  }

  forget(endpointId: EndpointId): void {
    this.watched.get(endpointId)?.unsubscribe();
    this.watched.delete(endpointId);
    if (this.watched.size > 0) return;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private look(): void {
    for (const watched of this.watched.values()) {
      const sound = soundOf(watched);
      if (sound === watched.told) continue;
      watched.told = sound;
      this.deps.onChanged({ type: 'sound-changed', endpointId: watched.endpointId, sound });
    }
  }
}

/** Counts this look, and says what is to be told. */
function soundOf(watched: Watched): PeerSound {
  watched.looksWithoutPackets = watched.packets ? 0 : watched.looksWithoutPackets + 1;
  watched.looksWithoutSound = watched.sound ? 0 : watched.looksWithoutSound + 1;
  watched.packets = false;
  watched.sound = false;
  const patience = watched.pauses ? PAUSED_LOOKS : QUIET_LOOKS;
  if (watched.looksWithoutPackets >= patience) return 'none';
  return watched.looksWithoutSound >= patience ? 'silent' : 'heard';
}
