/** One media process as the pool sees it. */
import type { EndpointId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { ProcessChange } from '../client-link';
import type { ClaimPage, KeepingPort } from '../keeping/terms';
import type { MediaPort } from '../ports';

/** A media process by its client (`media/client.ts`). */
export interface ProcessPort extends MediaPort {
  readonly ready: boolean;
  /** Whether what is open outlives this app's process; else the following three do nothing. */
  readonly keeps: boolean;
  readonly keepMemo: KeepingPort['keepMemo'];
  readonly resume: KeepingPort['resume'];
  claim(): Promise<Result<ClaimPage>>;
  onChange(listener: (change: ProcessChange) => void): () => void;
  drain(withinMs?: number): Result<void>;
  close(): void;
}

export interface PooledProcess {
  readonly name: string;
  readonly port: ProcessPort;
  /** Where the other processes reach its RTP; as its SDP says when absent. */
  readonly linkAddress?: string | undefined;
  /** On this machine. Default true. */
  readonly isLocal?: boolean | undefined;
  /** How much it takes in comparison with others. Default 1. */
  readonly weight?: number | undefined;
}

export interface ProcessStatus {
  readonly name: string;
  readonly state: 'ready' | 'draining' | 'away';
  readonly isLocal: boolean;
  /** Legs that it carries. */
  readonly endpoints: number;
}

export class Member {
  readonly name: string;
  readonly port: ProcessPort;
  readonly linkAddress: string | undefined;
  readonly isLocal: boolean;
  /** Legs that it carries or is about to carry. */
  readonly legs = new Set<EndpointId>();
  draining = false;
  /** What it holds of an earlier life of the app is being closed. */
  clearing = false;
  private readonly weight: number;

  constructor({ name, port, linkAddress, isLocal = true, weight = 1 }: PooledProcess) {
    this.name = name;
    this.port = port;
    this.linkAddress = linkAddress;
    this.isLocal = isLocal;
    this.weight = weight;
  }

  /** Whether a call that begins now may be put here. */
  get takesCalls(): boolean {
    return this.port.ready && !this.draining && !this.clearing;
  }

  /** In comparison with other members. */
  get load(): number {
    return this.legs.size / this.weight;
  }

  get status(): ProcessStatus {
    const { name, isLocal } = this;
    const endpoints = this.legs.size;
    if (!this.port.ready) return { name, state: 'away', isLocal, endpoints };
    return { name, state: this.draining ? 'draining' : 'ready', isLocal, endpoints };
  }
}
