/** Verifies every recording, part after part, as an administrator's browser does. */
import { verifyRecordings } from '../../../store/recordings/verify';
import type { VerificationFault, VerificationReport, VerifiedPart } from '../../../store/recordings/verify';

/** @param limit of one part. */
export const allFaults = async (
  deps: Parameters<typeof verifyRecordings>[0],
  limit: number,
): Promise<VerificationFault[]> => {
  const faults: VerificationFault[] = [];
  let part: VerifiedPart | undefined = { from: 1, limit };
  while (part) {
    const report: VerificationReport = await verifyRecordings(deps, part);
    faults.push(...report.faults);
    const { nextSeq, nextKey } = report;
    part = nextSeq === undefined && nextKey === undefined ? undefined : { from: nextSeq ?? 1, limit, after: nextKey };
  }
  return faults;
};
