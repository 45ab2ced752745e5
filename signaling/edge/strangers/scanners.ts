/** The names by which the usual scanning programs introduce themselves. Only the lazy ones do; they get no answer. */
import type { SipRequest } from '../../sip/message';

const SCANNERS =
  /friendly-?scanner|friendly-?request|sip-?vicious|sundayddr|sip-?scan|sip-?sak|siparmyknife|iwar\b|smap\b|vaxsipuseragent|sipcli\b|pplsip|scan(?:ner)?\/|nmap\b|eyebeam-test|gulp\b/i;

export const looksLikeScanner = (request: SipRequest): boolean =>
  SCANNERS.test(request.get('User-Agent') ?? '') || SCANNERS.test(request.get('From') ?? '');
