/** Whose tones a party knows: those of the country of its trunk, or else of the center's own. */
import type { EndpointId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { legOf } from './legs';

/** As a source to be played names it. */
export const countryFor = (ctx: CallContext, call: Call, endpointId: EndpointId): { readonly country?: string } => {
  const owner = legOf(call, endpointId)?.owner;
  const ofTrunk = owner?.kind === 'trunk' ? ctx.directory.countryOfTrunk?.(owner.trunkId) : undefined;
  const country = ofTrunk ?? ctx.tones.country;
  return country === undefined ? {} : { country };
};
