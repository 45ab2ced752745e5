/**
 * What the edge knows of a subscription (RFC 6665): when its dialog is over without anybody saying so. Refreshing it,
 * and the NOTIFY that ends it, are the app's business.
 */
import type { SipRequest, SipResponse } from '../../sip/message';
import type { EdgeCore } from '../core';
import type { Dialog } from './dialog';

/** What a subscription lasts when neither side says (RFC 6665, 3.1.1 leaves it to the package; most take an hour). */
const DEFAULT_EXPIRES_S = 3_600;

/** Answers that say that the subscription is gone (RFC 6665, 4.1.2.2 and 4.2.2). */
const GONE = new Set([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]);

/**
 * Starts the end of a subscription anew from the 2xx to a SUBSCRIBE. The dialog lives 64*T1 longer (Timer N of section
 * 4.1.2), in which the last NOTIFY may still come or go.
 */
export const followSubscription = (
  core: EdgeCore,
  dialog: Dialog,
  messages: { readonly request: SipRequest; readonly response: SipResponse },
): void => {
  if (dialog.method !== 'SUBSCRIBE') return;
  expireIn(core, dialog, expiresOf(messages.response) ?? expiresOf(messages.request) ?? DEFAULT_EXPIRES_S);
};

/** A NOTIFY may shorten or lengthen the subscription (section 4.1.3). */
export const followNotify = (core: EdgeCore, dialog: Dialog, notify: SipRequest): void => {
  if (dialog.method !== 'SUBSCRIBE' || notify.method !== 'NOTIFY') return;
  const given = /;\s*expires\s*=\s*(\d{1,9})/i.exec(notify.get('Subscription-State') ?? '')?.[1];
  if (given !== undefined) expireIn(core, dialog, Number(given));
};

/** RFC 6665, section 4.4.1: a subscription's dialog ends with the NOTIFY that says so. */
export const endsSubscription = (request: SipRequest, dialog: Dialog): boolean =>
  dialog.method === 'SUBSCRIBE' &&
  request.method === 'NOTIFY' &&
  /^\s*terminated/i.test(request.get('Subscription-State') ?? '');

/** Whether an answer to our NOTIFY or SUBSCRIBE means that the other side knows the subscription no more. */
export const subscriptionGone = (request: SipRequest, status: number, dialog: Dialog): boolean => {
  if (dialog.method !== 'SUBSCRIBE') return false;
  // Section 4.2.2: a NOTIFY that nobody answers ends the subscription too; a SUBSCRIBE may be tried again.
  if (request.method === 'NOTIFY') return status === 408 || GONE.has(status);
  return request.method === 'SUBSCRIBE' && GONE.has(status);
};

const expiresOf = (message: SipRequest | SipResponse): number | undefined => {
  const read = message.read('expires');
  return read.ok ? read.value[0] : undefined;
};

const expireIn = (core: EdgeCore, dialog: Dialog, seconds: number): void =>
  expireAt(core, dialog, core.clock.nowMs() + seconds * 1_000 + 64 * core.timers.t1Ms);

/** Goes on with a subscription that another process has left in the journal. */
export const resumeSubscription = (core: EdgeCore, dialog: Dialog, expiresAtMs: number | undefined): void => {
  if (dialog.method !== 'SUBSCRIBE') return;
  if (expiresAtMs === undefined) expireIn(core, dialog, DEFAULT_EXPIRES_S);
  else expireAt(core, dialog, expiresAtMs);
};

const expireAt = (core: EdgeCore, dialog: Dialog, atMs: number): void => {
  dialog.expiry?.cancel();
  dialog.expiresAtMs = atMs;
  // A timer of Node holds no more than 2**31 ms.
  const delayMs = Math.min(Math.max(0, atMs - core.clock.nowMs()), 2 ** 31 - 1);
  dialog.expiry = core.clock.after(delayMs, () => {
    core.log.info({ dialog: dialog.id }, 'nobody refreshed or ended the subscription: its dialog is forgotten');
    core.dialogs.remove(dialog);
  });
};
