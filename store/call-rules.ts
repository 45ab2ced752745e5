/** Rules by number, as administrators write them: classes of numbers, classes of service, and lists. */
import type { AgentId, FlowId } from '../base/ids';

/**
 * A pattern of a number: digits, `+`, `*` and `#` (or the lower-case letters of a name) stand for themselves, `X` for
 * any one character, and a full stop at the end for everything that may follow.
 */
export type NumberPattern = string;

/** Numbers of one kind, such as `premium`; the best match of all classes decides. */
export interface NumberClassRule {
  _id: string;
  kind: 'number-class';
  patterns: NumberPattern[];
}

/** A class of service: which classes of numbers somebody may call. */
export interface ServiceClassRule {
  _id: string;
  kind: 'service-class';
  /** Ids of number classes. */
  allow: string[];
  agents: AgentId[];
  /** Extensions and telephones by their number. */
  callers: NumberPattern[];
  /** For everybody who is in no other class. */
  default: boolean;
}

/** What becomes of a call that a list refuses. */
export type Refusal =
  | { do: 'reject'; status: number; reason?: string | undefined }
  /** The call is answered by this flow instead of the number's own. */
  | { do: 'flow'; flowId: FlowId };

/**
 * Callers, for all our numbers or for some.
 * - `block`: they are refused;
 * - `allow`: they are not, although a less exact pattern blocks them;
 * - `only`: nobody else reaches these numbers.
 */
export interface CallerListRule {
  _id: string;
  kind: 'caller-list';
  mode: 'block' | 'allow' | 'only';
  callers: NumberPattern[];
  /** The dialled numbers that it is about. */
  called: NumberPattern[];
  refusal: Refusal;
}

/** Destinations that nobody may call (`block`), or may call although a less exact pattern blocks them (`allow`). */
export interface DestinationListRule {
  _id: string;
  kind: 'destination-list';
  mode: 'block' | 'allow';
  patterns: NumberPattern[];
}

export type CallRule = NumberClassRule | ServiceClassRule | CallerListRule | DestinationListRule;
