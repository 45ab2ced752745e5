/**
 * Who hears whom, as one matrix. Both sides must agree: B hears A when A's `speaks` reaches B and B's `hears` reaches A.
 * Nobody ever hears itself.
 */
import type { EndpointId } from '../../base/ids';
import type { MixMember, MixReach } from '../ports';

const reaches = (reach: MixReach, other: EndpointId): boolean =>
  reach === 'all' || (reach !== 'none' && reach.includes(other));

export const hears = (listener: MixMember, speaker: MixMember): boolean =>
  listener.endpointId !== speaker.endpointId &&
  reaches(speaker.speaks, listener.endpointId) &&
  reaches(listener.hears, speaker.endpointId);

/** Whether sound of this member is wanted by anybody, or may be later when others join. */
export const mayBeHeard = (member: MixMember): boolean => member.speaks !== 'none' && member.speaks.length > 0;

export const mayHear = (member: MixMember): boolean => member.hears !== 'none' && member.hears.length > 0;
