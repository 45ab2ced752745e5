/** An administrator's changes to headers: a bounded list, of headers that carry no dialog. */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { headerKey } from '../sip/headers/names';
import type { HeaderRule } from './settings';

const MAX_RULES = 32;
const MAX_VALUE_CHARS = 512;
const TOKEN = /^[A-Za-z0-9!%*_+`'~.-]{1,64}$/;

/** These tie messages to transactions, dialogs and accounts, or say how to read the body. */
const PROTECTED = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'contact',
  'route',
  'record-route',
  'max-forwards',
  'content-length',
  'content-type',
  'content-encoding',
  'authorization',
  'proxy-authorization',
  'www-authenticate',
  'proxy-authenticate',
  'require',
  'proxy-require',
  'supported',
  'rseq',
  'rack',
  'session-expires',
  'min-se',
]);

/** Headers of the edge's own, which no carrier has to see or to send. */
const OWN = /^x-switchroom-/;

/** Errors: `bad_input` naming the header that may not be changed or the value that would break the message. */
export const checkHeaderRules = (rules: readonly HeaderRule[]): Result<void> => {
  if (rules.length > MAX_RULES) return fail('bad_input', `there are more than ${MAX_RULES} header rules`);
  for (const rule of rules) {
    if (!TOKEN.test(rule.name)) return fail('bad_input', `"${rule.name}" is no name of a header`);
    const key = headerKey(rule.name);
    if (PROTECTED.has(key) || OWN.test(key)) {
      return fail('bad_input', `the header ${rule.name} belongs to the SIP stack and cannot be changed by a rule`);
    }
    if (rule.action === 'remove') continue;
    // A line break would begin a header of the writer’s choice.
    if (rule.value.length > MAX_VALUE_CHARS || /[\u0000-\u001f\u007f]/.test(rule.value)) {
      return fail(
        'bad_input',
        `the value for ${rule.name} is longer than ${MAX_VALUE_CHARS} or has control characters`,
      );
    }
  }
  return ok(undefined);
};

/** The headers after all rules, in their order; names are compared by their long form, without regard to case. */
export const applyHeaderRules = (
  headers: Readonly<Record<string, string>>,
  rules: readonly HeaderRule[],
): Record<string, string> => {
  const result = new Map(Object.entries(headers));
  for (const rule of rules) {
    const key = headerKey(rule.name);
    const present = [...result.keys()].filter((name) => headerKey(name) === key);
    const [first] = present;
    if (rule.action === 'add' && first !== undefined) {
      result.set(first, `${result.get(first) ?? ''}, ${rule.value}`);
      continue;
    }
    for (const name of present) result.delete(name);
    if (rule.action !== 'remove') result.set(rule.name, rule.value);
  }
  return Object.fromEntries(result);
};
