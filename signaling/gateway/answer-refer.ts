/** Answers REFER inside a dialog: whoever owns the call is asked, and says what becomes of it. */
import type { Logger } from '../../base/log';
import type { ReferRequest } from '../ports';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { DialogBook } from './dialog-book';
import { meaningOf } from './dialog-book';
import type { DialogRequests } from './dialog-requests';
import { acceptRefer } from './refer-progress';
import { parseReferTo } from './refer-target';

export interface ReferAnswerer {
  /** Of the dialog, for the log. */
  readonly id: string;
  readonly requests: DialogRequests;
  /** Where the dialog that is to be replaced is found. */
  readonly book: DialogBook;
  readonly log: Logger;
  /** Who is asked; left out: nobody, and the request is declined. */
  readonly handler: ((refer: ReferRequest) => void) | undefined;
}

/** 400 for a Refer-To that cannot be followed, 603 when nobody is asked (RFC 3515, 2.4.2); else as the handler says. */
export const answerRefer = (req: SrfRequest, res: SrfResponse, by: ReferAnswerer): void => {
  const target = parseReferTo(req.get('Refer-To'));
  if (!target.ok) {
    by.log.info({ dialog: by.id, reason: target.fault.message }, 'a REFER was refused');
    return res.send(400);
  }
  if (!by.handler) return res.send(603);
  const { replaces } = target.value;
  by.handler({
    target: target.value,
    replaced: replaces && meaningOf(by.book.find(replaces)),
    referredBy: req.get('Referred-By'),
    accept: () => acceptRefer(by.requests, req, res),
    refuse: (status, reason) => res.send(status, reason),
  });
};
