/** Work on the server from a form: whether it goes on, and why it failed where no field has the fault. */
import { useState } from 'react';
import { ApiError } from '../api/http';

/** What the server said in parts of what it refused. */
export type ServerAbout = ApiError['details']['about'];

export interface Performing {
  readonly busy: boolean;
  /** Undefined when nothing failed, or its field says so. */
  readonly failure: unknown;
  /** Resolves with whether it was done; a failure has been shown by then. */
  readonly perform: (work: () => Promise<void>) => Promise<boolean>;
}

/** @param showAtField shows at its field what the server refused; false when it has no field */
export const usePerforming = (showAtField: (about: ServerAbout) => boolean): Performing => {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const perform = async (work: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      if (!showAtField(error instanceof ApiError ? error.details.about : undefined)) setFailure(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, perform };
};
