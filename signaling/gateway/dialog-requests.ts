/**
 * Our requests within a dialog. Through a trunk that challenges them they are sent again with its credentials (RFC 3261,
 * 22.2 and 22.3); with those of the last challenge from the start, as long as its nonce lasts.
 */
import type { SrfDialog, SrfResponse } from '../srf/srf-types';
import type { Credentials, DigestSession } from '../trunks/digest-session';
import { isChallenge } from '../trunks/digest-session';

export interface InDialogRequest {
  readonly method: 'BYE' | 'INFO' | 'INVITE' | 'NOTIFY';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Who hears what becomes of a request. */
export interface RequestListener {
  /** Provisional and final; a challenge only when it cannot be answered. */
  response(response: SrfResponse, ack: () => void): void;
  /** It could not be sent. */
  failed(error: unknown): void;
}

/** A server asks, its proxy asks, a nonce is stale: more is a quarrel. */
const MAX_CHALLENGES = 3;

export class DialogRequests {
  /** @param digest answers challenges; without it a challenge is a refusal. */
  constructor(
    private readonly srf: SrfDialog,
    private readonly digest: DigestSession | undefined,
  ) {}

  /** With a Contact where the dialog has one. */
  get contactHeader(): Readonly<Record<string, string>> {
    const { contact } = this.srf.local;
    return contact === undefined ? {} : { Contact: contact };
  }

  send(request: InDialogRequest, listener: RequestListener): void {
    this.attempt(request, listener, { credentials: this.credentialsFor(request, this.srf.remote.uri), challenges: 0 });
  }

  private attempt(
    request: InDialogRequest,
    listener: RequestListener,
    having: { readonly credentials: Credentials; readonly challenges: number },
  ): void {
    const { srf, digest } = this;
    const { method, headers, body } = request;
    const { credentials, challenges } = having;
    const options = {
      ...{ method, stackDialogId: srf.id, headers: { ...headers, ...credentials }, _socket: srf.socket },
      ...(body !== undefined && { body }),
    };
    try {
      srf.agent.request(options, (error, sent) => {
        if (!sent) return listener.failed(error);
        sent.on('response', (response, ack) => {
          const mayAnswer = digest && isChallenge(response.status) && challenges < MAX_CHALLENGES;
          if (!mayAnswer || !digest.challenged(response, credentials).ok) return listener.response(response, ack);
          const again = this.credentialsFor(request, sent.uri);
          this.attempt(request, listener, { credentials: again, challenges: challenges + 1 });
        });
      });
    } catch (error) {
      listener.failed(error);
    }
  }

  private credentialsFor({ method, body = '' }: InDialogRequest, uri: string): Credentials {
    return this.digest?.credentials({ method, uri, body }) ?? {};
  }
}
