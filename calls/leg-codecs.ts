/** Which codecs a leg is offered: by the policy of who is called, and so that as little as possible is transcoded. */
import type { AudioCodec } from '../media/ports';
import type { CallContext } from './context';

/** Most wanted first; trunks and single phones may have lists of their own. */
export interface CodecPolicy {
  readonly browsers: readonly AudioCodec[];
  readonly phones: readonly AudioCodec[];
}

/** A-law first, as nearly everywhere outside North America and Japan. */
export const G711_ONLY: readonly AudioCodec[] = ['PCMA', 'PCMU'];

/** The codec of whom the party will talk with comes first, if the list has it: then both are forwarded as they are. */
export const likeOther = (codecs: readonly AudioCodec[], other: AudioCodec | undefined): readonly AudioCodec[] =>
  other !== undefined && codecs.includes(other) ? [other, ...codecs.filter((codec) => codec !== other)] : codecs;

export const codecsOfBrowser = ({ codecs }: CallContext, other: AudioCodec | undefined): readonly AudioCodec[] =>
  likeOther(codecs.browsers, other);

/** @param phone whose own list, where it has one, is taken. */
export const codecsOfPhone = (
  { codecs }: CallContext,
  phone: { readonly codecs?: readonly AudioCodec[] | undefined } | undefined,
  other?: AudioCodec,
): readonly AudioCodec[] => likeOther(phone?.codecs ?? codecs.phones, other);
