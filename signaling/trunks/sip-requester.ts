/** What trunks need of the SIP server for requests of their own: OPTIONS and REGISTER. */
import type { TrunkCause } from './trunk-cause';

export interface OwnRequest {
  readonly method: 'OPTIONS' | 'REGISTER';
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export type OwnReply =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly reason: string;
      /** Where it came from. */
      readonly address: string;
      get(name: string): string | undefined;
    }
  | { readonly kind: 'silence'; readonly cause: TrunkCause };

export interface SipRequester {
  /** Whether requests can be sent at all; nothing is learned about carriers while they cannot. */
  readonly connected: boolean;
  /** Never rejects. */
  send(request: OwnRequest): Promise<OwnReply>;
}
