/**
 * The session timer that one of our calls has agreed on (RFC 4028). We agree to what the other side asks for, and say that
 * we can; refreshing, and ending a call that nobody refreshes, is done by the SIP server, which reads our headers.
 */
import { parseSessionExpires } from '../sip/headers/session-expires';
import type { SrfMessage } from '../srf/srf-types';

export interface AgreedSession {
  readonly seconds: number;
  readonly weRefresh: boolean;
}

/** What the RFC recommends (section 4.2), and the longest that we agree to. */
const USUAL_S = 1_800;

type Headers = Record<string, string>;

export class SessionInterval {
  /** @param agreed before. */
  constructor(private agreed?: AgreedSession) {}

  /** What has been agreed on; undefined for no timer. */
  get current(): AgreedSession | undefined {
    return this.agreed;
  }

  /** Headers of our 2xx to an INVITE or UPDATE; none when the other side knows no session timers (section 9). */
  answer(request: SrfMessage): Headers {
    const asked = readExpires(request.get('Session-Expires'));
    const isKnown = /(?:^|[\s,])timer(?:$|[\s,])/i.test(request.get('Supported') ?? '');
    if (!isKnown && !asked) {
      this.agreed = undefined;
      return {};
    }
    // Who does not know the extension was asked by a proxy on the way, and cannot refresh.
    const refresher = (isKnown ? asked?.refresher : undefined) ?? (this.agreed?.weRefresh === false ? 'uac' : 'uas');
    const least = readExpires(request.get('Min-SE'))?.seconds ?? 0;
    const seconds = Math.max(least, Math.min(asked?.seconds ?? USUAL_S, USUAL_S));
    this.agreed = { seconds, weRefresh: refresher === 'uas' };
    const expires = { 'Session-Expires': `${seconds};refresher=${refresher}` };
    return isKnown ? { ...expires, Require: 'timer' } : expires;
  }

  /** Headers of an INVITE of ours within the call, which goes on as agreed (section 7.4). */
  request(): Headers {
    if (!this.agreed) return TIMER_SUPPORTED;
    const { seconds, weRefresh } = this.agreed;
    return { ...TIMER_SUPPORTED, 'Session-Expires': `${seconds};refresher=${weRefresh ? 'uac' : 'uas'}` };
  }

  /** Takes what the 2xx to an INVITE of ours says (section 7.2). */
  learn(response: SrfMessage): void {
    const said = readExpires(response.get('Session-Expires'));
    this.agreed = said && { seconds: said.seconds, weRefresh: said.refresher === 'uac' };
  }
}

/** Headers of an INVITE that may begin a call: the other side chooses whether there is a timer. */
export const TIMER_SUPPORTED: Readonly<Headers> = { Supported: 'timer' };

const readExpires = (text: string | undefined): { seconds: number; refresher: string | undefined } | undefined => {
  const read = text === undefined ? undefined : parseSessionExpires(text);
  return read?.ok === true ? { seconds: read.value.seconds, refresher: read.value.params.get('refresher') } : undefined;
};
