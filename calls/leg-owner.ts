/** Who stands at the far end of a leg, as far as it has been proved: for whom a REFER or a Replaces there may speak. */
import type { CallOrigin, CallTarget } from '../signaling/ports';

export type LegOwner =
  | { readonly kind: 'phone'; readonly extension: string }
  | { readonly kind: 'trunk'; readonly trunkId: string }
  | { readonly kind: 'agent'; readonly userName: string };

export const ownerOfOrigin = (origin: CallOrigin): LegOwner => {
  if (origin.kind === 'phone') return { kind: 'phone', extension: origin.userName };
  return origin;
};

/** Undefined where only the attempt says which trunk it is. */
export const ownerOfTarget = (target: CallTarget): LegOwner | undefined => {
  switch (target.kind) {
    case 'phone':
      return { kind: 'phone', extension: target.userName };
    case 'user':
      return { kind: 'agent', userName: target.userName };
    case 'trunk':
      return { kind: 'trunk', trunkId: target.trunkId };
    case 'number':
    case 'contact':
      return undefined;
  }
};

export const isSameOwner = (one: LegOwner | undefined, other: LegOwner | undefined): boolean =>
  one !== undefined && other !== undefined && keyOf(one) === keyOf(other);

const keyOf = (owner: LegOwner): string => {
  switch (owner.kind) {
    case 'phone':
      return `phone ${owner.extension}`;
    case 'trunk':
      return `trunk ${owner.trunkId}`;
    case 'agent':
      return `agent ${owner.userName}`;
  }
};
