/** {@link OutgoingCall} on an INVITE of drachtio-srf. */
import type { Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Fault, Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { parseNameAddr } from '../sip/headers/name-addr';
import type { CallParty, EarlyDialog, OutgoingCall, OutgoingEvents, SipDialog } from '../ports';
import type { TrunkPlace } from '../records';
import { responseOf, sipStatusOf } from '../srf/srf-client';
import type { CreateUacOptions, SrfDialog, SrfRequest, SrfResponse } from '../srf/srf-types';
import { codeOfStatus } from '../status-codes';
import type { Credentials, DigestSession } from '../trunks/digest-session';
import { isChallenge } from '../trunks/digest-session';
import type { DialogDependencies } from './gateway-dialog';
import { GatewayDialog } from './gateway-dialog';
import { TIMER_SUPPORTED } from './session-interval';

/** An INVITE that only has to be sent. */
export interface PreparedCall {
  readonly uri: string;
  readonly options: CreateUacOptions;
  readonly remote: CallParty;
  readonly ringTimeoutMs: number;
  /** Answers challenges; without it a challenge is a refusal. */
  readonly digest?: DigestSession | undefined;
  /** Which place in which trunk the call holds. */
  readonly place?: TrunkPlace | undefined;
  /** Called for every provisional response, 100 included. */
  readonly onHeard?: () => void;
}

/** A server asks, its proxy asks, a nonce is stale: more is a quarrel. */
const MAX_CHALLENGES = 3;

/** A proxy on the way may fork: more telephones than a household has are of no interest. */
const MAX_EARLY_DIALOGS = 10;

/**
 * ```
 * starting --sent--> ringing --final response--> over
 *     |                 |--cancel, ring timeout--> over (CANCEL follows)
 *     |--cancel--> over (CANCEL as soon as there is something to cancel)
 * ```
 */
type CallState =
  | { readonly name: 'starting' }
  | { readonly name: 'ringing'; readonly request: SrfRequest }
  | { readonly name: 'over' };

export class GatewayCall implements OutgoingCall {
  readonly answered: Promise<Result<SipDialog>>;
  private state: CallState = { name: 'starting' };
  private settle: (result: Result<SipDialog>) => void = () => undefined;
  private readonly ringTimer: Timer;
  private readonly forgetLoss: () => void;
  private challenges = 0;
  /** The dialogs that wait for an answer, each with what forgets it. */
  private readonly ringing = new Map<string, () => void>();
  private credentials: Credentials = {};

  constructor(
    private readonly call: PreparedCall,
    private readonly events: OutgoingEvents,
    private readonly deps: DialogDependencies,
  ) {
    this.answered = new Promise((resolve) => (this.settle = resolve));
    this.ringTimer = deps.clock.after(call.ringTimeoutMs, () =>
      this.giveUp({ code: 'no_answer', message: `nobody answered within ${call.ringTimeoutMs} ms` }),
    );
    this.forgetLoss = deps.connection.onLost(() =>
      this.finish(fail('unavailable', 'the SIP server was lost before the call was answered')),
    );
    this.start({});
  }

  cancel(): void {
    this.giveUp({ code: 'closed', message: 'the call was cancelled' });
  }

  /** @param continued headers that make this INVITE the successor of a challenged one (RFC 3261, 22.2). */
  private start(continued: Readonly<Record<string, string>>): void {
    const { uri, digest } = this.call;
    this.credentials = digest?.credentials({ method: 'INVITE', uri, body: this.call.options.localSdp }) ?? {};
    const headers = { ...TIMER_SUPPORTED, ...this.call.options.headers, ...continued, ...this.credentials };
    const options = { ...this.call.options, headers };
    const progress = {
      cbRequest: (_error: unknown, request?: SrfRequest) => this.onSent(request),
      cbProvisional: (response: SrfResponse) => this.onProvisional(response),
    };
    try {
      this.deps.connection.srf.createUAC(uri, options, progress, (error, dialog) => this.onFinal(error, dialog));
    } catch (error) {
      this.finish(fail('unavailable', `the call could not be placed: ${messageOf(error)}`, error));
    }
  }

  private onSent(request: SrfRequest | undefined): void {
    if (!request) return; // onFinal tells why
    const callId = request.get('Call-ID');
    if (callId !== undefined) this.events.onCallId?.(callId);
    if (this.state.name === 'over') request.cancel(() => undefined);
    else this.state = { name: 'ringing', request };
  }

  private onProvisional(response: SrfResponse): void {
    this.call.onHeard?.();
    if (this.state.name === 'over' || response.status <= 100) return;
    this.noteRinging(response);
    const sdp = response.body === undefined || response.body === '' ? undefined : response.body;
    this.events.onProgress?.(response.status, sdp);
  }

  /** RFC 3261, section 12.1.2: a provisional response with a tag begins a dialog. */
  private noteRinging(response: SrfResponse): void {
    const early = earlyDialogOf(response);
    if (!early || this.ringing.has(early.id) || this.ringing.size >= MAX_EARLY_DIALOGS) return;
    this.ringing.set(early.id, this.deps.book.addRinging(early));
    this.events.onRinging?.(early);
  }

  private onFinal(error: unknown, srfDialog: SrfDialog | undefined): void {
    if (!srfDialog) return this.onRefused(error);
    const { remote: party, digest, place } = this.call;
    const dialog = new GatewayDialog(srfDialog, { party, digest, place }, this.deps);
    // The answer has crossed our CANCEL (RFC 3261, 15), or there is nothing in it to talk by.
    if (this.state.name === 'over') return void dialog.hangup('SIP;cause=487');
    if (dialog.remoteSdp === '') {
      void dialog.hangup('SIP;cause=488');
      return this.finish(fail('not_acceptable_media', 'the other side answered without a description'));
    }
    this.finish(ok(dialog));
  }

  private onRefused(error: unknown): void {
    const response = responseOf(error);
    const { digest } = this.call;
    const mayAnswer = this.state.name !== 'over' && this.challenges < MAX_CHALLENGES;
    if (!response || !digest || !isChallenge(response.status) || !mayAnswer) return this.finish(this.refusal(error));
    const taken = digest.challenged(response, this.credentials);
    if (!taken.ok) return this.finish(fail(taken.fault.code, taken.fault.message, error));
    this.challenges += 1;
    this.state = { name: 'starting' };
    this.start(successorHeaders(response));
  }

  private refusal(error: unknown): Result<never> {
    const sip = sipStatusOf(error);
    if (sip) return fail(codeOfStatus(sip.status), `${sip.status} ${sip.reason}`.trim(), error);
    return fail('unavailable', `the call could not be placed: ${messageOf(error)}`, error);
  }

  private giveUp(fault: Fault): void {
    const { state } = this;
    if (state.name === 'over') return;
    this.finish({ ok: false, fault });
    if (state.name === 'ringing') state.request.cancel(() => undefined);
  }

  private finish(result: Result<SipDialog>): void {
    if (this.state.name === 'over') return;
    this.state = { name: 'over' };
    this.ringTimer.cancel();
    this.forgetLoss();
    for (const forget of this.ringing.values()) forget();
    this.ringing.clear();
    this.settle(result);
  }
}

const earlyDialogOf = (response: SrfResponse): EarlyDialog | undefined => {
  const tagOf = (name: string): string | undefined => {
    const parsed = parseNameAddr(response.get(name) ?? '');
    return parsed.ok ? parsed.value.tag : undefined;
  };
  const [callId, localTag, remoteTag] = [response.get('Call-ID'), tagOf('From'), tagOf('To')];
  if (callId === undefined || localTag === undefined || remoteTag === undefined) return undefined;
  return { id: `early ${callId} ${localTag} ${remoteTag}`, name: { callId, localTag, remoteTag } };
};

/** RFC 3261, section 22.2: the same Call-ID, From and To, and the next CSeq. */
const successorHeaders = (response: SrfResponse): Record<string, string> => {
  const cseq = Number.parseInt(response.get('CSeq') ?? '1', 10);
  return {
    From: response.get('From') ?? '',
    'Call-ID': response.get('Call-ID') ?? '',
    CSeq: `${cseq + 1} INVITE`,
  };
};

/** A call that never began. */
export const failedCall = (fault: Fault): OutgoingCall => ({
  answered: Promise.resolve({ ok: false, fault }),
  cancel: () => undefined,
});
