/** Which music is a stream, and alarms about streams that are away. */
import type { Alarms } from '../base/alarms';
import type { Clock } from '../base/clock';
import type { MediaEvent, MediaPort, MusicStream } from '../media/ports';
import type { MusicStreamSetting } from '../store/music-streams';

/** The same stream may be away from several media processes. */
const QUIET_MS = 60_000;

export const streamOf =
  (settings: () => readonly MusicStreamSetting[]) =>
  (name: string): MusicStream | undefined => {
    const setting = settings().find(({ _id }) => _id === name);
    return setting && { url: setting.url, gainDb: setting.gainDb };
  };

type StreamEvent = Extract<MediaEvent, { type: 'stream-changed' }>;

/** Returns the function that ends it. */
export const watchStreams = (
  media: Pick<MediaPort, 'onEvent'>,
  { alarms, clock }: { readonly alarms: Pick<Alarms, 'raise'>; readonly clock: Clock },
): (() => void) => {
  const toldMs = new Map<string, number>();
  return media.onEvent((event) => {
    if (event.type !== 'stream-changed') return;
    const key = `${event.state} ${event.url}`;
    const nowMs = clock.monotonicMs();
    for (const [other, atMs] of toldMs) if (nowMs - atMs >= QUIET_MS) toldMs.delete(other);
    if (toldMs.has(key)) return;
    toldMs.set(key, nowMs);
    // What was told last is what holds: whoever is away again is told again.
    toldMs.delete(`${event.state === 'away' ? 'back' : 'away'} ${event.url}`);
    alarms.raise(event.state === 'away' ? awayAlarm(event) : backAlarm(event));
  });
};

const awayAlarm = ({ url, detail }: StreamEvent): Parameters<Alarms['raise']>[0] => ({
  kind: 'music-stream-away',
  severity: 'warning',
  message: `The music stream ${url} is not heard: ${detail}. Callers hear other music.`,
  details: { url, why: detail },
});

const backAlarm = ({ url }: StreamEvent): Parameters<Alarms['raise']>[0] => ({
  kind: 'music-stream-back',
  severity: 'info',
  message: `The music stream ${url} is heard again.`,
  details: { url },
});
