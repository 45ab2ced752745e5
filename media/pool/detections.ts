/** What legs are listened to for, kept so that a leg that is opened anew is listened to as before. */
import type { Result } from '../../base/result';
import type { Detection } from '../detection/terms';
import type { MediaEvent } from '../ports';
import type { PooledEndpoint } from './book';
import { forgiven } from './joins';

/** At once, or as soon as the leg is back. */
export async function detectAt(endpoint: PooledEndpoint, detection: Detection): Promise<Result<void>> {
  const { detection: before, state, member, endpointId } = endpoint;
  endpoint.detection = detection;
  if (state === 'reopening') return { ok: true, value: undefined };
  const begun = forgiven(await member.port.detect(endpointId, detection));
  if (!begun.ok && endpoint.detection === detection) endpoint.detection = before;
  return begun;
}

/** Who has answered is asked once. */
export function withoutFound(detection: Detection, event: MediaEvent): Detection {
  const { answeringMachine, ...others } = detection;
  if (!answeringMachine) return detection;
  const isOver = event.type === 'greeting-ended' || (event.type === 'answered-by' && event.answeredBy !== 'machine');
  return isOver ? others : detection;
}

/** Nothing is heard of a leg before its peer has answered. */
export function resumeDetection({ detection, member, endpointId }: PooledEndpoint): void {
  if (Object.keys(detection).length > 0) void member.port.detect(endpointId, detection);
}
