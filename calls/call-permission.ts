/**
 * Who may call whom: classes of service for calls that go out, lists for calls that come in. One pure decision for
 * agents at their desks, telephones and callers alike; every answer names the rule that it follows.
 */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AgentId } from '../base/ids';
import type { CallerListRule, CallRule, NumberClassRule, Refusal, ServiceClassRule } from '../store/call-rules';
import { bestMatch, isBetter } from '../base/number-pattern';
import type { Match } from '../base/number-pattern';

export interface OutboundCall {
  /** The number as it was dialled, without blanks. */
  readonly dialled: string;
  readonly agentId?: AgentId | undefined;
  /** The calling telephone's own number or extension. */
  readonly caller?: string | undefined;
}

/** An outbound call that may be placed, and why. */
export interface Permitted {
  readonly numberClass: string;
  /** The id of the rule that permits it; `emergency` and `no-rule` are ours. */
  readonly rule: string;
}

export type InboundDecision =
  | { readonly admit: true; readonly rule: string | undefined }
  | { readonly admit: false; readonly rule: string; readonly refusal: Refusal };

export interface CallPermission {
  /** The class of a number, such as `premium`; `other` for what no class has. */
  classOf(number: string): string;
  /** Fails with `forbidden`, in a sentence for the one who dialled. */
  outbound(call: OutboundCall): Result<Permitted>;
  inbound(call: { readonly caller: string; readonly called: string }): InboundDecision;
}

/** Nobody may be kept from calling these, whatever the rules say. */
export const EMERGENCY = 'emergency';
const OTHER = 'other';

/** What numbers are when no rule says it; a stored class of the same id takes the place of one of these. */
export const DEFAULT_NUMBER_CLASSES: readonly NumberClassRule[] = [
  { _id: EMERGENCY, kind: 'number-class', patterns: ['110', '112', '119', '120', '122', '911', '999'] },
  { _id: 'internal', kind: 'number-class', patterns: [2, 3, 4].map((digits) => 'X'.repeat(digits)) },
  { _id: 'local', kind: 'number-class', patterns: ['XXXXX.'] },
  { _id: 'national', kind: 'number-class', patterns: ['0.'] },
  { _id: 'international', kind: 'number-class', patterns: ['00.', '+.'] },
  { _id: 'premium', kind: 'number-class', patterns: ['0900.', '+49900.', '+861689.', '1900.', '+1900.'] },
];

/** Makes the decision from rules that are read anew for every call, so that a change counts at once. */
export const createCallPermission = (rules: () => readonly CallRule[]): CallPermission => ({
  classOf: (number) => numberClassOf(rules(), number),
  outbound: (call) => decideOutbound(rules(), call),
  inbound: (call) => decideInbound(rules(), call),
});

const byKind = <Kind extends CallRule['kind']>(
  rules: readonly CallRule[],
  kind: Kind,
): Extract<CallRule, { kind: Kind }>[] =>
  rules.filter((rule): rule is Extract<CallRule, { kind: Kind }> => rule.kind === kind);

/** The class of a number, by the best match over all classes. */
export const numberClassOf = (rules: readonly CallRule[], number: string): string => {
  const stored = byKind(rules, 'number-class');
  const replaced = new Set(stored.map(({ _id }) => _id));
  const classes = [...stored, ...DEFAULT_NUMBER_CLASSES.filter(({ _id }) => !replaced.has(_id))];
  let best: { id: string; match: Match } | undefined;
  for (const { _id, patterns } of classes) {
    const match = bestMatch(patterns, number);
    if (match && isBetter(match, best?.match)) best = { id: _id, match };
  }
  return best?.id ?? OTHER;
};

const decideOutbound = (rules: readonly CallRule[], call: OutboundCall): Result<Permitted> => {
  const { dialled } = call;
  const numberClass = numberClassOf(rules, dialled);
  if (numberClass === EMERGENCY) return ok({ numberClass, rule: EMERGENCY });
  const listed = destinationVerdict(rules, dialled);
  if (listed?.mode === 'block') return refusal('destination', { number: dialled, rule: listed.id });
  const service = serviceClassOf(byKind(rules, 'service-class'), call);
  if (!service) return ok({ numberClass, rule: listed?.id ?? 'no-rule' });
  if (!service.allow.includes(numberClass)) return refusal('number-class', { class: numberClass, rule: service._id });
  return ok({ numberClass, rule: service._id });
};

const refusal = (key: 'destination' | 'number-class', values: Readonly<Record<string, string>>): Result<never> => {
  const what = key === 'destination' ? `call ${values.number}` : `call ${values.class} numbers`;
  const message = `You may not ${what} (rule ${values.rule}); an administrator can permit it.`;
  return { ok: false, fault: { ...fail('forbidden', message).fault, about: { key, values } } };
};

const destinationVerdict = (
  rules: readonly CallRule[],
  number: string,
): { id: string; mode: 'block' | 'allow' } | undefined => {
  let best: { id: string; mode: 'block' | 'allow'; match: Match } | undefined;
  for (const { _id, mode, patterns } of byKind(rules, 'destination-list')) {
    const match = bestMatch(patterns, number);
    if (!match) continue;
    // Of two that match as well, the one that blocks.
    const wins = isBetter(match, best?.match) || (mode === 'block' && !(best && isBetter(best.match, match)));
    if (wins) best = { id: _id, mode, match };
  }
  return best;
};

/** By name before by number before by default; undefined when no class is for this caller: then all is permitted. */
const serviceClassOf = (classes: readonly ServiceClassRule[], call: OutboundCall): ServiceClassRule | undefined => {
  const { agentId, caller } = call;
  const named = agentId === undefined ? undefined : classes.find(({ agents }) => agents.includes(agentId));
  if (named) return named;
  let best: { rule: ServiceClassRule; match: Match } | undefined;
  for (const rule of caller === undefined ? [] : classes) {
    const match = bestMatch(rule.callers, caller ?? '');
    if (match && isBetter(match, best?.match)) best = { rule, match };
  }
  return best?.rule ?? classes.find((rule) => rule.default);
};

const decideInbound = (
  rules: readonly CallRule[],
  call: { readonly caller: string; readonly called: string },
): InboundDecision => {
  const lists = byKind(rules, 'caller-list').filter(({ called }) => bestMatch(called, call.called));
  let best: { rule: CallerListRule; match: Match } | undefined;
  for (const rule of lists) {
    const match = bestMatch(rule.callers, call.caller);
    if (!match) continue;
    const wins = isBetter(match, best?.match) || (rule.mode === 'block' && !(best && isBetter(best.match, match)));
    if (wins) best = { rule, match };
  }
  if (best?.rule.mode === 'block') return { admit: false, rule: best.rule._id, refusal: best.rule.refusal };
  // Whoever is on a list of those who alone may call, or is allowed by name, comes in.
  if (best) return { admit: true, rule: best.rule._id };
  const closed = lists.find(({ mode }) => mode === 'only');
  return closed ? { admit: false, rule: closed._id, refusal: closed.refusal } : { admit: true, rule: undefined };
};
