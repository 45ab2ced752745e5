/** INVITEs that come before the app has said who takes them, as at its start: they wait a moment instead of being refused. */
import type { Clock, Timer } from '../../base/clock';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';

/** As long as the edge lets an INVITE wait for an app. */
const PATIENCE_MS = 20_000;
const MAX_WAITING = 1_000;

interface Waiting {
  readonly res: SrfResponse;
  readonly patience: Timer;
}

export class EarlyInvites {
  private readonly waiting = new Map<SrfRequest, Waiting>();

  constructor(private readonly clock: Clock) {}

  add(req: SrfRequest, res: SrfResponse): void {
    if (this.waiting.size >= MAX_WAITING) return res.send(503);
    const patience = this.clock.after(PATIENCE_MS, () => {
      this.forget(req);
      res.send(503);
    });
    this.waiting.set(req, { res, patience });
    req.on('cancel', () => this.forget(req));
  }

  /** There is somebody now. */
  release(handle: (req: SrfRequest, res: SrfResponse) => void): void {
    for (const [req, { res }] of [...this.waiting]) {
      this.forget(req);
      handle(req, res);
    }
  }

  /** The server is lost, or nobody will come. */
  clear(): void {
    for (const req of [...this.waiting.keys()]) this.forget(req);
  }

  private forget(req: SrfRequest): void {
    this.waiting.get(req)?.patience.cancel();
    this.waiting.delete(req);
  }
}
