/**
 * Signs and verifies callers' identities (RFC 8224) by services outside, over HTTP: the keys and certificates of a
 * carrier are no business of ours.
 *
 *     POST signUrl    { orig, dest, iat }                    → { identity, date? }
 *     POST verifyUrl  { identity, orig, dest, iat, callId }  → { result: "passed" | "failed", attestation?, reason? }
 */
import { readBoundedText } from '../../base/bounded-body';
import type { Clock } from '../../base/clock';
import { causeOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { IdentityVerdict } from '../ports';

export interface IdentitySettings {
  readonly signUrl?: string | undefined;
  readonly verifyUrl?: string | undefined;
  /** How long a call waits for either. Default 2000. */
  readonly timeoutMs?: number | undefined;
  /** What becomes of an outgoing call without a signature. Default send. */
  readonly onUnsigned?: 'send' | 'refuse' | undefined;
  /** What becomes of an incoming call that did not pass. Default accept. */
  readonly onUnverified?: 'accept' | 'refuse' | undefined;
}

/** What a PASSporT claims (RFC 8225). */
export interface IdentityClaim {
  readonly orig: string;
  readonly dest: string;
  /** Of calls that come in. */
  readonly callId?: string;
}

const DEFAULT_TIMEOUT_MS = 2_000;
const MAX_ANSWER_BYTES = 32_768;
/** No line break may come in with a header's value. */
const HEADER_VALUE = /^[\x20-\x7e]{1,8192}$/;

type Answer = Readonly<Record<string, unknown>>;

export class IdentityService {
  constructor(
    private readonly settings: IdentitySettings,
    private readonly clock: Clock,
  ) {}

  /** The headers that make a call signed. Errors: `unavailable` when the signer does not answer, or no Identity. */
  async sign(claim: IdentityClaim): Promise<Result<Record<string, string>>> {
    const { signUrl } = this.settings;
    if (signUrl === undefined) return fail('unavailable', 'there is no signer; set identity.signUrl');
    const answer = await this.post(signUrl, this.bodyOf(claim));
    if (!answer.ok) return answer;
    const { identity, date } = answer.value;
    if (typeof identity !== 'string' || !HEADER_VALUE.test(identity)) {
      return fail('unavailable', 'the signer answered no Identity header');
    }
    const dated: Record<string, string> = typeof date === 'string' && HEADER_VALUE.test(date) ? { Date: date } : {};
    return ok({ Identity: identity, ...dated });
  }

  /** Never rejects: who does not answer leaves the verdict `unavailable`. */
  async verify(identity: string | undefined, claim: IdentityClaim): Promise<IdentityVerdict> {
    const { verifyUrl } = this.settings;
    if (identity === undefined || identity === '') return { result: 'absent' };
    if (verifyUrl === undefined) return { result: 'unavailable', reason: 'there is no verifier' };
    const answer = await this.post(verifyUrl, { ...this.bodyOf(claim), identity });
    if (!answer.ok) return { result: 'unavailable', reason: answer.fault.message };
    const { result, attestation, reason } = answer.value;
    if (result !== 'passed' && result !== 'failed') return { result: 'unavailable', reason: 'it answered no result' };
    return {
      result,
      ...(typeof attestation === 'string' && { attestation: attestation.slice(0, 16) }),
      ...(typeof reason === 'string' && { reason: reason.slice(0, 200) }),
    };
  }

  /** Whether a call may go on without a signature. */
  get sendsUnsigned(): boolean {
    return this.settings.onUnsigned !== 'refuse';
  }

  /** The status that refuses a call of this verdict (RFC 8224, 6.2.2); undefined when it is let in. */
  refusalOf({ result }: IdentityVerdict): { readonly status: number; readonly reason: string } | undefined {
    if (this.settings.onUnverified !== 'refuse' || result === 'passed') return undefined;
    if (result === 'absent') return { status: 428, reason: 'Use Identity Header' };
    if (result === 'failed') return { status: 438, reason: 'Invalid Identity Header' };
    return { status: 503, reason: 'Identity cannot be verified' };
  }

  private bodyOf(claim: IdentityClaim): Answer {
    return { ...claim, iat: Math.floor(this.clock.nowMs() / 1_000) };
  }

  private async post(url: string, body: Answer): Promise<Result<Answer>> {
    const abort = new AbortController();
    const late = this.clock.after(this.settings.timeoutMs ?? DEFAULT_TIMEOUT_MS, () => abort.abort());
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        signal: abort.signal,
        redirect: 'error',
      });
      const text = await readBoundedText(response, MAX_ANSWER_BYTES);
      if (!response.ok) return fail('unavailable', `${url} answered ${response.status}`);
      if (!text.ok) return fail('unavailable', `${url} answered too much`);
      const answer: unknown = JSON.parse(text.value);
      if (typeof answer !== 'object' || answer === null) return fail('unavailable', `${url} answered no object`);
      return ok(answer as Answer);
    } catch (error) {
      const why = abort.signal.aborted ? 'did not answer in time' : `could not be asked: ${causeOf(error)}`;
      return fail('unavailable', `${url} ${why}`, error);
    } finally {
      late.cancel();
    }
  }
}
