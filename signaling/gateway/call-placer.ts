/** Places calls of ours: to one contact, to all of a phone's, or by one trunk after the other. */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { CallTarget, OutgoingCall, OutgoingEvents, OutgoingRequest } from '../ports';
import type { Registrar } from '../registrar/registrar';
import type { IdentityService } from '../trunks/identity-service';
import type { Attempt } from '../trunks/outbound-plan';
import { headersFor } from '../trunks/outbound-plan';
import type { TrunkLine } from '../trunks/trunk-line';
import type { Trunks } from '../trunks/trunks';
import { ForkedCall, groupByPreference } from './forked-call';
import type { PreparedCall } from './gateway-call';
import { failedCall, GatewayCall } from './gateway-call';
import type { DialogDependencies } from './gateway-dialog';
import { traitsOf } from './invite-view';
import { addressOf, partyOf, userOf } from './party';
import { RoutedCall } from './routed-call';

export interface CallPlacerDependencies {
  readonly trunks: Trunks;
  readonly registrar: Registrar;
  readonly identity: IdentityService;
  readonly dialogs: DialogDependencies;
}

type NumberTarget = Extract<CallTarget, { readonly kind: 'trunk' | 'number' }>;
type PartyTarget = Exclude<CallTarget, NumberTarget | { readonly kind: 'phone' }>;

export class CallPlacer {
  constructor(private readonly deps: CallPlacerDependencies) {}

  place(request: OutgoingRequest, events: OutgoingEvents): OutgoingCall {
    const { target } = request;
    if (target.kind === 'phone') return this.callPhone(target.userName, request, events);
    if (target.kind === 'trunk' || target.kind === 'number') return this.callNumber(request, target, events);
    const prepared = this.prepare(request, target);
    return prepared.ok ? this.start(prepared.value, events) : failedCall(prepared.fault);
  }

  private start(call: PreparedCall, events: OutgoingEvents): OutgoingCall {
    return new GatewayCall(call, events, this.deps.dialogs);
  }

  /** The contacts share the time to ring: those that are preferred less have their part of it at the end. */
  private callPhone(userName: string, request: OutgoingRequest, events: OutgoingEvents): OutgoingCall {
    const groups = groupByPreference(this.deps.registrar.contactsFor(userName));
    if (groups.length === 0) {
      return failedCall({ code: 'unavailable', message: `the phone ${userName} is not registered` });
    }
    const { from, sdp, headers } = request;
    const ringTimeoutMs = Math.ceil(request.ringTimeoutMs / groups.length);
    const prepared = groups.map((group) =>
      group.map(({ uri, proxy, path }): PreparedCall => {
        const options = { localSdp: sdp, headers: { ...headers, ...routeBy(path), From: addressOf(from) }, proxy };
        return { uri, options, remote: { number: userName }, ringTimeoutMs };
      }),
    );
    return new ForkedCall(prepared, events, (call, branchEvents) => this.start(call, branchEvents));
  }

  private callNumber(request: OutgoingRequest, target: NumberTarget, events: OutgoingEvents): OutgoingCall {
    const { trunks, dialogs } = this.deps;
    const { planner } = trunks;
    const { number } = target;
    const attempts =
      target.kind === 'trunk' ? planner.attemptsOfTrunk(target.trunkId, number) : planner.attempts(number);
    if (!attempts.ok) return failedCall(attempts.fault);
    const { clock, log } = dialogs;
    const plan = {
      attempts: attempts.value,
      ringTimeoutMs: request.ringTimeoutMs,
      prepare: async (attempt: Attempt, ringTimeoutMs: number) => {
        const offer = await offerOf(request, attempt);
        if (!offer.ok) return offer;
        return this.signed(
          attempt.line,
          prepareAttempt({ ...request, sdp: offer.value, ringTimeoutMs }, target, attempt),
        );
      },
    };
    return new RoutedCall(plan, events, { clock, log, place: (call, progress) => this.start(call, progress) });
  }

  private prepare(request: OutgoingRequest, target: PartyTarget): Result<PreparedCall> {
    const { from, sdp, ringTimeoutMs } = request;
    const headers = { ...request.headers, From: addressOf(from) };
    const common = { localSdp: sdp, headers };
    switch (target.kind) {
      case 'contact': {
        const options = target.proxy === undefined ? common : { ...common, proxy: target.proxy };
        return ok({ uri: target.uri, options, remote: { number: userOf(target.uri) }, ringTimeoutMs });
      }
      case 'user': {
        const contact = this.deps.registrar.contactFor(target.userName);
        if (!contact) return fail('unavailable', `${target.userName} is not registered`);
        const { proxy, path } = contact;
        const options = { ...common, headers: { ...headers, ...routeBy(path) }, proxy };
        return ok({ uri: contact.uri, options, remote: { number: target.userName }, ringTimeoutMs });
      }
    }
  }

  /** With an Identity header where the trunk wants one (RFC 8224, 4). */
  private async signed({ trunk }: TrunkLine, call: PreparedCall): Promise<Result<PreparedCall>> {
    if (trunk.settings.signIdentity !== true) return ok(call);
    const { identity, dialogs } = this.deps;
    const { headers } = call.options;
    const orig = partyOf(headers['P-Asserted-Identity'] ?? headers.From).number;
    const signature = await identity.sign({ orig, dest: call.remote.number });
    if (signature.ok) return ok({ ...call, options: { ...call.options, headers: { ...headers, ...signature.value } } });
    dialogs.log.warn({ trunkId: trunk.settings.trunkId, why: signature.fault.message }, 'a call was not signed');
    return identity.sendsUnsigned ? ok(call) : signature;
  }
}

/** RFC 3327, section 5.4: the Path of a registration is the Route of requests to it. */
const routeBy = (path: readonly string[]): Record<string, string> =>
  path.length > 0 ? { Route: path.join(', ') } : {};

const offerOf = async ({ sdp, offerFor }: OutgoingRequest, { line }: Attempt): Promise<Result<string>> => {
  const { trunk } = line;
  return offerFor ? offerFor({ trunkId: trunk.settings.trunkId, traits: traitsOf(trunk) }) : ok(sdp);
};

const prepareAttempt = (request: OutgoingRequest, target: NumberTarget, attempt: Attempt): PreparedCall => {
  const { number } = target;
  const direct = target.kind === 'trunk';
  const { from, sdp, headers = {}, withheld = false, ringTimeoutMs } = request;
  const { line, uri, proxy, path } = attempt;
  const options = {
    localSdp: sdp,
    headers: { ...headersFor(line, { caller: from, withheld, direct, headers }), ...routeBy(path) },
    ...(proxy === undefined ? {} : { proxy }),
  };
  const place = { trunkId: line.trunk.settings.trunkId, direction: 'outbound' } as const;
  return { uri, options, remote: { number }, ringTimeoutMs, digest: line.digest, place };
};
