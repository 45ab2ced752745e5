/** The media of a leg that is called through trunks: each trunk that is tried gets an offer as it wants its calls. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AudioCodec, OpenEndpoint } from '../media/ports';
import type { OfferForTrunk, TrunkTraits } from '../signaling/ports';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { G711_ONLY, likeOther } from './leg-codecs';
import { legsOf } from './legs';

export const codecsOfTrunk = (codecs: readonly AudioCodec[] = G711_ONLY, own?: AudioCodec): readonly AudioCodec[] =>
  likeOther(codecs, own);

interface MadeOffer {
  readonly trunkId: string;
  readonly media: OpenEndpoint;
  readonly sdp: string;
}

/**
 * Another trunk than the offer was made for gets one of an endpoint that is opened anew, in the place of the first: by
 * its own policy, which the answer is read by as well, and with ports and keys that no other carrier has seen.
 */
export const offerForTrunks = (
  ctx: CallContext,
  call: Call,
  first: MadeOffer & { readonly leg: Leg; readonly own: AudioCodec | undefined },
): OfferForTrunk => {
  const { leg, own } = first;
  let made: MadeOffer | undefined = first;
  return ({ trunkId, traits }) =>
    ctx.serial.run(call.callId, async (): Promise<Result<string>> => {
      if (call.phase.kind === 'ended' || !legsOf(call).includes(leg))
        return fail('closed', 'the party is called no more');
      if (made && made.trunkId === trunkId && isAsWanted(made.media, traits)) return ok(made.sdp);
      made = undefined;
      const { dtmf, srtp, rtp } = traits;
      const media = { ...withoutRtp(first.media), codecs: codecsOfTrunk(traits.codecs, own), dtmf, srtp, ...rtp };
      await ctx.media.closeEndpoint(leg.endpointId);
      // What the trunk before has sent while it rang is of no account any more.
      leg.codec = undefined;
      leg.earlySound = undefined;
      leg.dtmf = dtmf;
      const opened = await ctx.media.openEndpoint(media);
      if (!opened.ok) return opened;
      made = { trunkId, media, sdp: opened.value.sdp };
      return ok(made.sdp);
    });
};

/** What the first trunk says of its packets is nothing to the next. */
const withoutRtp = ({ srtpKeys: _keys, rtpSources: _sources, mediaTimeoutMs: _ms, ...media }: OpenEndpoint) => media;

/** The order of the codecs is that of the call. */
const isAsWanted = ({ codecs, srtp = 'optional', dtmf = 'rfc4733' }: OpenEndpoint, traits: TrunkTraits): boolean =>
  srtp === traits.srtp &&
  dtmf === traits.dtmf &&
  codecs.length === traits.codecs.length &&
  traits.codecs.every((codec) => codecs.includes(codec));
