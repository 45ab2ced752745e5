/** How the packets of a leg may come: by which keys, from where, and for how long not at all. */
import { networkOf } from '../base/network';
import type { OpenEndpoint } from '../media/ports';
import type { CallTarget, IncomingInvite } from '../signaling/ports';
import type { CallContext, DirectoryPhone } from './context';

/** Of a trunk or a phone; what is absent is as media has it. */
export type LegRtp = Pick<OpenEndpoint, 'srtpKeys' | 'rtpSources' | 'mediaTimeoutMs'>;

/** Of a caller: where its INVITE came from its packets may come from too, as behind a NAT. */
export const rtpOfCaller = (ctx: CallContext, { origin, traits, source }: IncomingInvite): LegRtp => {
  const rtp = traits?.rtp ?? (origin.kind === 'phone' ? ctx.directory.phone(origin.userName)?.rtp : undefined);
  if (!rtp?.rtpSources) return rtp ?? {};
  return { ...rtp, rtpSources: [...rtp.rtpSources, ...networksOf(source.address)] };
};

/** Of who is called: a phone, or a number behind a trunk. */
export const rtpOf = (ctx: CallContext, called: DirectoryPhone | { readonly trunkId: string } | undefined): LegRtp => {
  if (!called) return {};
  return ('trunkId' in called ? ctx.directory.rtpOfTrunk?.(called.trunkId) : called.rtp) ?? {};
};

export const rtpOfTarget = (
  ctx: CallContext,
  target: CallTarget,
  trunk: { readonly trunkId: string } | undefined,
): LegRtp => {
  if (trunk) return rtpOf(ctx, trunk);
  return target.kind === 'phone' ? rtpOf(ctx, ctx.directory.phone(target.userName)) : {};
};

/** Who shares one public address among many has several beside each other: the /24, and the /64 of IPv6. */
export const networksOf = (address: string): string[] => {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return [`${address}/24`];
  return address.includes(':') && !address.includes('.') ? [`${networkOf(address)}::/64`] : [];
};
