/** What a REGISTER asks for (RFC 3261, 10.3). */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { contactExpiresS, parseContact, parseExpires } from '../sip/headers/contact';
import { parseCSeq } from '../sip/headers/cseq';
import type { NameAddr } from '../sip/headers/name-addr';
import { parseNameAddr } from '../sip/headers/name-addr';
import { splitCommas } from '../sip/headers/scan';
import type { SrfRequest } from '../srf/srf-types';

export interface WantedContact {
  readonly uri: string;
  readonly q: number;
  /** 0 removes the binding; undefined leaves the time to the registrar. */
  readonly expiresS: number | undefined;
  readonly instance: string | undefined;
  /** One of several registrations of the same device (RFC 5626, 4.2). */
  readonly regId: string | undefined;
}

export interface RegisterRequest {
  /** The user part of the address of record. */
  readonly userName: string;
  readonly callId: string;
  readonly cseq: number;
  /** `all` is `Contact: *`; an empty list only asks what is bound. */
  readonly contacts: 'all' | readonly WantedContact[];
  /** The proxies through which the contacts are reached, as route values (RFC 3327). */
  readonly path: readonly string[];
}

const MAX_CONTACTS = 8;
const MAX_PATH_HOPS = 10;

/** Errors: `bad_input` for what the RFC refuses with 400. */
export const readRegister = (req: SrfRequest): Result<RegisterRequest> => {
  const to = parseNameAddr(req.get('To') ?? '');
  const cseq = parseCSeq(req.get('CSeq') ?? '');
  const userName = to.ok ? to.value.uri.userDecoded : undefined;
  if (userName === undefined || !cseq.ok) return fail('bad_input', 'the To header names no user');
  const contacts = readContacts(req);
  if (!contacts.ok) return contacts;
  const path = readPath(req);
  if (!path.ok) return path;
  const callId = req.get('Call-ID') ?? '';
  return ok({ userName, callId, cseq: cseq.value.number, contacts: contacts.value, path: path.value });
};

const readPath = (req: SrfRequest): Result<readonly string[]> => {
  const header = req.get('Path');
  if (header === undefined) return ok([]);
  const texts = splitCommas(header).map((text) => text.trim());
  if (texts.length > MAX_PATH_HOPS) return fail('bad_input', `a Path of more than ${MAX_PATH_HOPS} hops`);
  const isUsable = (text: string): boolean => {
    const hop = parseNameAddr(text);
    return hop.ok && hop.value.uri.isSip;
  };
  return texts.every(isUsable) ? ok(texts) : fail('bad_input', 'a hop of the Path is no SIP URI');
};

const readContacts = (req: SrfRequest): Result<'all' | readonly WantedContact[]> => {
  const header = req.get('Contact');
  const expires = parseExpires(req.get('Expires') ?? '');
  const headerExpiresS = expires.ok ? expires.value : undefined;
  if (header === undefined) return ok([]);
  if (header.trim() === '*') {
    return headerExpiresS === 0 ? ok('all') : fail('bad_input', 'Contact: * needs Expires: 0');
  }
  const texts = splitCommas(header);
  if (texts.length > MAX_CONTACTS) return fail('bad_input', `more than ${MAX_CONTACTS} contacts`);
  const wanted: WantedContact[] = [];
  for (const text of texts) {
    const contact = parseContact(text);
    if (!contact.ok) return fail('bad_input', `the Contact ${text.slice(0, 80)}: ${contact.fault.message}`);
    if (!contact.value.uri.isSip) return fail('bad_input', 'a Contact is no SIP URI');
    wanted.push(wantedOf(contact.value, headerExpiresS));
  }
  return ok(wanted);
};

const wantedOf = (contact: NameAddr, headerExpiresS: number | undefined): WantedContact => ({
  uri: contact.uri.toString(),
  q: Number(contact.params.get('q') ?? 1),
  expiresS: contactExpiresS(contact, headerExpiresS),
  instance: contact.params.get('+sip.instance'),
  regId: contact.params.get('reg-id'),
});
