/** Where a number leads, for who dials it: a flow, an agent, a phone, another exchange, or outside. */
import { unreachable } from '../base/errors';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { FlowDocument } from '../flows/document';
import type { AudioCodec, SrtpPolicy } from '../media/ports';
import type { CallTarget } from '../signaling/ports';
import { EMERGENCY } from './call-permission';
import type { DirectoryAgent, DirectoryPhone, Extension } from './context';
import type { CallContext } from './context';
import { accountOfPhone } from './place-outside';
import { isDiallable } from './typed-number';

/** A number through a trunk. */
export interface TrunkGoal {
  readonly kind: 'trunk';
  readonly trunkId: string;
  /** As the trunk's other side is to be dialled. */
  readonly number: string;
  /** Shown as the caller; who calls stays the caller when absent. */
  readonly callerId: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** By the outbound route table, which may take another trunk when this one fails. */
  readonly outside: boolean;
  /** Most wanted first. */
  readonly codecs?: readonly AudioCodec[] | undefined;
  readonly srtp?: SrtpPolicy | undefined;
}

export type Goal =
  | { readonly kind: 'flow'; readonly flow: FlowDocument }
  | { readonly kind: 'agent'; readonly agent: DirectoryAgent }
  | { readonly kind: 'phone'; readonly phone: DirectoryPhone }
  | TrunkGoal;

/** Somebody who can be called. */
export type PersonGoal = Exclude<Goal, { kind: 'flow' }>;

export const targetOf = (goal: PersonGoal): CallTarget => {
  switch (goal.kind) {
    case 'agent':
      return { kind: 'user', userName: goal.agent.userName };
    case 'phone':
      return { kind: 'phone', userName: goal.phone.extension };
    case 'trunk':
      if (goal.outside) return { kind: 'number', number: goal.number };
      return { kind: 'trunk', trunkId: goal.trunkId, number: goal.number };
  }
};

/** Whether the media of whom is called are secured; as media has it when nobody says. */
export const securedBy = (goal: PersonGoal): { readonly srtp?: SrtpPolicy } => {
  const srtp = goal.kind === 'phone' ? goal.phone.srtp : goal.kind === 'trunk' ? goal.srtp : undefined;
  return srtp ? { srtp } : {};
};

/** Who dials. */
export type Dialler =
  { readonly kind: 'trunk' } | { readonly kind: 'agent' } | { readonly kind: 'phone'; readonly phone: DirectoryPhone };

/**
 * Extensions go before everything outside. Errors: `not_found` for a number that nobody has, `no_route` when no trunk
 * carries it, `forbidden` for a phone that may not call outside.
 */
export const routeCall = (ctx: CallContext, number: string, dialler: Dialler): Result<Goal> => {
  if (dialler.kind === 'phone' && dialler.phone.extension === number) {
    return fail('busy', `The phone ${number} calls itself.`);
  }
  const flow = ctx.directory.flowOf(number);
  if (flow && dialler.kind === 'agent') return fail('no_route', `${number} is a number of this center for callers.`);
  if (flow) return ok({ kind: 'flow', flow });
  if (dialler.kind === 'phone') {
    const permitted = permittedTo(ctx, dialler.phone, number);
    if (!permitted.ok) return permitted;
  }
  const extension = ctx.directory.extension(number);
  if (extension) return goalOf(extension, number, dialler);
  if (dialler.kind === 'trunk') return fail('not_found', `Nobody has the number ${number}.`);
  return outside(ctx, number);
};

/** By the classes of service, and outside only for phones that may; emergency numbers for everybody. */
const permittedTo = (ctx: CallContext, phone: DirectoryPhone, number: string): Result<void> => {
  const permitted = ctx.permission.outbound({ dialled: number, caller: phone.extension });
  if (!permitted.ok) return permitted;
  const isInside = ctx.directory.extension(number) !== undefined;
  if (isInside || permitted.value.numberClass === EMERGENCY) return ok(undefined);
  if (phone.mayCallOutside) return ctx.fraud.mayCall({ account: accountOfPhone(phone.extension), number });
  return fail('forbidden', `The phone ${phone.extension} may not call ${number}, which is outside.`);
};

const goalOf = (extension: Extension, number: string, dialler: Dialler): Result<Goal> => {
  switch (extension.kind) {
    case 'agent':
    case 'phone':
      return ok(extension);
    case 'trunk': {
      const { trunkId, headers, fromTrunks, srtp } = extension.trunk;
      const mayPass = dialler.kind !== 'trunk' || fromTrunks;
      if (!mayPass) return fail('not_found', `Nobody has the number ${number}.`);
      return ok({
        kind: 'trunk',
        trunkId,
        number: extension.trunk.number,
        callerId: undefined,
        headers,
        outside: false,
        srtp,
      });
    }
    default:
      return unreachable(extension);
  }
};

const outside = (ctx: CallContext, number: string): Result<Goal> => {
  if (!isDiallable(number)) return fail('not_found', `${number} is not a number that can be dialled.`);
  const trunk = ctx.directory.outboundTrunk(number);
  if (!trunk) return fail('no_route', `No trunk carries calls to ${number}; an administrator can add one.`);
  const { trunkId, callerId, codecs, srtp } = trunk;
  return ok({ kind: 'trunk', trunkId, number, callerId, headers: {}, outside: true, codecs, srtp });
};
