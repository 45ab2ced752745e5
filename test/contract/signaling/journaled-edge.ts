/** An edge with a journal that can be killed, and started again on the same ports with what the kill has left. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { EdgeOptions } from '../../../signaling/edge/edge-options';
import type { Edge } from '../../../signaling/edge/server';
import { startEdge } from '../../../signaling/edge/server';
import { SipPeer } from './sip-peer';
import type { PeerOptions, PeerTransport } from './sip-peer';

export const SECRET = 'test-secret';

/** More than the 10 ms after which the journal writes what may be lost. */
const JOURNAL_DELAY_MS = 25;

export class JournaledEdge {
  private readonly dir = mkdtempSync(join(tmpdir(), 'switchroom-journal-'));
  private readonly peers: SipPeer[] = [];
  private current: Edge | undefined;

  static async start(options: Partial<EdgeOptions> = {}): Promise<JournaledEdge> {
    const made = new JournaledEdge();
    await made.open(options);
    return made;
  }

  get edge(): Edge {
    if (!this.current) throw new Error('the edge has not been started');
    return this.current;
  }

  uri(user: string): string {
    return `sip:${user}@127.0.0.1:${this.edge.ports.sip}`;
  }

  async peer(transport: PeerTransport, more: Partial<PeerOptions> = {}): Promise<SipPeer> {
    const { ports } = this.edge;
    const port = transport === 'ws' ? ports.ws : ports.sip;
    const peer = await SipPeer.open({ transport, address: '127.0.0.1', port, ...more });
    this.peers.push(peer);
    return peer;
  }

  /**
   * What kill -9 leaves: the journal as it is then, and nobody who has heard a word. What the edge may write a moment
   * later than it happened has been written.
   */
  async restart(options: Partial<EdgeOptions> = {}): Promise<void> {
    const { sip, ws, control } = this.edge.ports;
    const [journal, left] = [join(this.dir, 'journal'), join(this.dir, 'left')];
    await new Promise((resolve) => setTimeout(resolve, JOURNAL_DELAY_MS));
    cpSync(journal, left, { recursive: true });
    await this.edge.close();
    rmSync(journal, { recursive: true });
    cpSync(left, journal, { recursive: true });
    rmSync(left, { recursive: true });
    await this.open({ sipPort: sip, wsPort: ws, controlPort: control, ...options });
  }

  async close(): Promise<void> {
    await Promise.all(this.peers.splice(0).map((peer) => peer.close()));
    await this.edge.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async open(options: Partial<EdgeOptions>): Promise<void> {
    this.current = await startEdge({
      bindAddress: '127.0.0.1',
      sipPort: 0,
      wsPort: 0,
      controlPort: 0,
      secret: SECRET,
      clock: systemClock,
      log: silentLogger(),
      journalDir: join(this.dir, 'journal'),
      ...options,
    });
  }
}
