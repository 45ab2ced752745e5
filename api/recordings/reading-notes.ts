/**
 * Writes down who has heard which recording. The parts that a player fetches one by one count once; but a part out of
 * the middle counts, too, where nothing has been fetched before.
 */
import { BoundedMap } from '../../base/bounded-map';
import type { InteractionId } from '../../base/ids';
import { writeDown } from '../http/audit-trail';
import type { AuditTrail } from '../http/audit-trail';
import type { Authenticated } from '../http/route';

interface Reading {
  readonly auth: Authenticated;
  readonly request: Parameters<typeof writeDown>[1]['request'] & {
    readonly method: string;
    readonly headers: { readonly range?: string | undefined };
  };
  readonly interactionId: InteractionId;
  /** Which of the interaction's recordings. */
  readonly n: number;
}

/** A player that goes on after a longer pause is heard anew. */
const ONE_HEARING_MS = 3_600_000;
const MOST_REMEMBERED = 5000;

export class ReadingNotes {
  /** When who has heard what last. */
  private readonly heard = new BoundedMap<string, number>(MOST_REMEMBERED);

  constructor(private readonly trail: AuditTrail) {}

  /** To be called before any of it is sent. Never rejects. */
  async note({ auth, request, interactionId, n }: Reading): Promise<void> {
    if (request.method !== 'GET') return;
    const nowMs = this.trail.clock.nowMs();
    const name = `${auth.session.user.userId} ${interactionId} ${n}`;
    const heardAtMs = this.heard.get(name) ?? -Infinity;
    this.heard.set(name, nowMs);
    const { range } = request.headers;
    const begins = range === undefined || /^bytes=0-/.test(range);
    if (!begins && nowMs - heardAtMs < ONE_HEARING_MS) return;
    await writeDown(this.trail, {
      ...{ auth, request, action: 'recording-read' },
      detail: { interactionId, recording: String(n) },
    });
  }
}
