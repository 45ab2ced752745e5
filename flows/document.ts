/**
 * The call-flow language: a versioned document of named steps. It is validated before it runs, unknown properties are
 * errors, and nothing in it is ever evaluated as code.
 */
import { z } from 'zod';
import { ANSWERING_MACHINE_BOUNDS } from '../base/answering-machine';
import type { AnsweringMachineTerms } from '../base/answering-machine';
import { TONE_NAMES } from '../base/progress-tones';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { READING_KINDS } from './reading/read-out';

const stepName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a step name is lower-case letters, digits and hyphens');

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
};

/** A recorded prompt of the library, in one language. */
export const promptSchema = z.strictObject({
  prompt: z.string().regex(/^[a-z0-9-]{1,64}$/, 'a prompt name is lower-case letters, digits and hyphens'),
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'a language is like en or zh-CN'),
});
export type Prompt = z.infer<typeof promptSchema>;

/** What a flow knows about its call by name, such as `caller`, `suffix` or what a step has collected. */
export const variableName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'a variable is lower-case letters, digits and hyphens');

/** Text in which `{name}` stands for a variable's value. */
const template = z.string().max(1000);

/** By which queues weigh contacts; `{name}` stands for a variable. */
const contactFactsSchema = z.strictObject({
  /** The customer's class, from 0. */
  tier: template.optional(),
  openCases: template.optional(),
  site: template.optional(),
  /** Who it is, for whatever number the call comes from. */
  customer: template.optional(),
  /** The id or extension of the agent whom the customer knows; `last` for whoever talked with this number last. */
  agent: template.optional(),
  /** Wanted beside the queue's own, each with the least level. */
  skills: z.record(z.string().min(1).max(64), z.number().int().min(1).max(10)).optional(),
});
export type ContactFacts = z.infer<typeof contactFactsSchema>;

const contactSchema = z.strictObject({
  /** A sip, sips or tel URI; `{name}` stands for a variable. */
  uri: template.regex(/^(sips?|tel):[^\s<>"]+$/, 'a contact is a sip:, sips: or tel: URI'),
  /** Preference among the contacts (RFC 3261, section 20.10). */
  q: z.number().min(0).max(1).optional(),
});
export type RedirectContact = z.infer<typeof contactSchema>;
/** Where a call is sent before it is answered, best first. */
export const contactsSchema = z.array(contactSchema).min(1).max(10);

/** How a person is told from a machine; each within its bounds, and as media has it when absent. */
const termOf = ([lowest, highest]: readonly [number, number, number]): z.ZodOptional<z.ZodNumber> =>
  z.number().int().min(lowest).max(highest).optional();
const answeringMachineSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(ANSWERING_MACHINE_BOUNDS).map(([name, bounds]) => [name, termOf(bounds)]),
  ) as Record<keyof AnsweringMachineTerms, ReturnType<typeof termOf>>,
);

const digit = z.string().regex(/^[0-9*#A-D]$/, 'a choice is one key: 0-9, *, # or A-D');

/** What names a variable is known only when the step runs. */
const isTimeOr =
  (time: RegExp) =>
  (text: string): boolean =>
    text.includes('{') || time.test(text);

/** When a caller wants to be called back, each day; `{name}` stands for a variable. */
const hoursWishSchema = z.strictObject({
  /** `HH:MM`. */
  from: template.refine(isTimeOr(/^([01]\d|2[0-3]):[0-5]\d$/), 'a time is HH:MM, from 00:00 to 23:59'),
  /** Up to `24:00`; no later than `from`: on the next day. */
  to: template.refine(isTimeOr(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/), 'a time is HH:MM, up to 24:00'),
  timeZone: z.string().refine(isTimeZone, 'a time zone is a name such as Asia/Shanghai'),
});
export type HoursWish = z.infer<typeof hoursWishSchema>;

export const stepSchema = z.discriminatedUnion('do', [
  /** Answers the call (SIP 200); sound before it is early media. */
  z.strictObject({ do: z.literal('answer'), next: stepName }),
  /** Plays prompts one after the other; a key that the menu behind them knows interrupts them. */
  z.strictObject({ do: z.literal('play'), prompts: z.array(promptSchema).min(1).max(32), next: stepName }),
  /** Reads a value out, in the caller's language: by recorded words where all are there, else by the speech engine. */
  z.strictObject({
    do: z.literal('say'),
    kind: z.enum(READING_KINDS).default('text'),
    /** `{name}` stands for a variable. */
    value: template.min(1),
    /** Instead of the caller's own. */
    language: promptSchema.shape.language.optional(),
    /** Of amounts, by ISO 4217. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a currency is three capital letters')
      .default('CNY'),
    next: stepName,
    /** Where to go when it could not be said; without it on to `next`. */
    otherwise: stepName.optional(),
  }),
  /** Plays a call progress tone of the caller's country; keys count as in `play`. */
  z.strictObject({
    do: z.literal('tone'),
    tone: z.enum(TONE_NAMES),
    durationMs: z.number().int().min(100).max(600_000).default(4_000),
    next: stepName,
  }),
  /** Lets the caller record a prompt, hear it, and keep it or try again. */
  z.strictObject({
    do: z.literal('record-prompt'),
    /** The prompt's name and language; `{name}` stands for a variable. */
    name: template.min(1),
    language: template.min(1),
    maxMs: z.number().int().min(1_000).max(600_000).default(120_000),
    attempts: z.number().int().min(1).max(10).default(5),
    next: stepName,
    /** Where to go when nothing new was kept. */
    otherwise: stepName,
  }),
  /** Plays prompts and waits for one key, which interrupts them. */
  z.strictObject({
    do: z.literal('menu'),
    prompts: z.array(promptSchema).max(32),
    choices: z.record(digit, z.strictObject({ next: stepName, language: promptSchema.shape.language.optional() })),
    /** How long to wait for a key after the prompts. */
    timeoutMs: z.number().int().min(500).max(60_000).default(5000),
    /** How often the prompts are played before `otherwise`. */
    attempts: z.number().int().min(1).max(10).default(3),
    /** Played after a key that is no choice. */
    invalid: z.array(promptSchema).max(32).default([]),
    /** Where to go when no attempt brought a choice. */
    otherwise: stepName,
  }),
  /** Plays prompts and collects several keys, of which the first interrupts them. */
  z.strictObject({
    do: z.literal('collect'),
    prompts: z.array(promptSchema).max(32),
    /** Where the digits go. */
    variable: variableName,
    min: z.number().int().min(0).max(32).default(1),
    max: z.number().int().min(1).max(32).default(32),
    /** The key that says "that is all"; it does not count. */
    terminator: z.enum(['#', '*', 'none']).default('#'),
    /** How long to wait for the first key after the prompts, and for each that follows. */
    timeoutMs: z.number().int().min(500).max(60_000).default(5000),
    attempts: z.number().int().min(1).max(10).default(3),
    /** The digits, such as a PIN, are for the flow alone and not for the history. */
    secret: z.boolean().default(false),
    /**
     * The digits, such as a card number, are to be kept nowhere and heard by nobody: recordings are masked, and the value
     * goes nowhere but to a look-up that names it in `sends`, after which it is forgotten.
     */
    sensitive: z.boolean().default(false),
    /** Played after too few digits. */
    invalid: z.array(promptSchema).max(32).default([]),
    next: stepName,
    /** Where to go when no attempt brought enough digits. */
    otherwise: stepName,
  }),
  /** Gives variables new values. */
  z.strictObject({ do: z.literal('set'), variables: z.record(variableName, template), next: stepName }),
  /** Goes on by a variable's value: the same value, else the best of the number patterns. */
  z.strictObject({
    do: z.literal('branch'),
    on: variableName,
    cases: z.record(z.string().max(200), stepName),
    otherwise: stepName,
  }),
  /** Sends the caller's exchange elsewhere before the call is answered (SIP 302). */
  z.strictObject({ do: z.literal('redirect'), contacts: contactsSchema, otherwise: stepName }),
  /** Asks another system about the call; what it answers goes into variables. */
  z.strictObject({
    do: z.literal('look-up'),
    'look-up': z.string().min(1).max(64),
    /** Sensitive variables that the other system gets too. */
    sends: z.array(variableName).max(16).default([]),
    next: stepName,
    otherwise: stepName,
  }),
  /** Hands the call over to another switch together with what is known about it. */
  z.strictObject({
    do: z.literal('hand-over'),
    /** By a token in User-to-User that the other switch resolves here, or by a number that the site lends. */
    by: z.enum(['token', 'number']),
    /** Where the call goes, before the answer by SIP 302. */
    uri: template.regex(/^(sips?|tel):[^\s<>"?]+$/, 'a sip:, sips: or tel: URI without headers'),
    /** The site that lends a temporary number. */
    site: z.string().max(64).default(''),
    /** The number of that site that the call is for. */
    number: template.default('{called}'),
    /** How long the context is kept for the other switch. */
    ttlMs: z.number().int().min(1_000).max(600_000).default(60_000),
    /** Where to go when the call is still ours, with `send-uui` or `temporary-number` to dial with. */
    otherwise: stepName,
  }),
  /** Puts the caller through to a phone or to a number behind a trunk; the flow goes on only if nobody answers. */
  z.strictObject({
    do: z.literal('dial'),
    number: template.min(1),
    ringTimeoutMs: z.number().int().min(5_000).max(180_000).default(30_000),
    /** For the other exchange, such as data about the caller. */
    headers: z
      .record(z.string().regex(/^(X-[A-Za-z0-9-]{1,60}|User-to-User)$/, 'a header is X-… or User-to-User'), template)
      .default({}),
    /** Whether a caller who has been answered hears why nobody answered; `auto`: when the flow hangs up after that. */
    tone: z.enum(['auto', 'always', 'never']).default('auto'),
    /** Where to go when an answering machine or a fax machine has answered; without it nobody looks. */
    machine: stepName.optional(),
    /** How that is told from a person. */
    answeringMachine: answeringMachineSchema.optional(),
    /** Where to go when the number is busy, does not answer or cannot be reached. */
    otherwise: stepName,
  }),
  /** Listens to the caller, and goes on by what is heard first. */
  z.strictObject({
    do: z.literal('detect'),
    /** Nothing has been said for `silenceMs`. */
    silence: stepName.optional(),
    silenceMs: z.number().int().min(200).max(60_000).default(2000),
    /** A fax machine or a modem. */
    fax: stepName.optional(),
    /** Somebody who has said a word or two and waits. */
    human: stepName.optional(),
    /** Somebody, or something, that speaks on, or says nothing. */
    machine: stepName.optional(),
    /** The greeting of a machine is over, with its beep or without: a message can be left. */
    beep: stepName.optional(),
    answeringMachine: answeringMachineSchema.optional(),
    timeoutMs: z.number().int().min(500).max(180_000).default(10_000),
    /** Where to go when nothing of that was heard in time. */
    next: stepName,
  }),
  /** Starts, stops, pauses or masks the recording of this call, whatever policies say; where they say never, it is never. */
  z.strictObject({
    do: z.literal('recording'),
    action: z.enum(['start', 'stop', 'pause', 'resume', 'mask', 'unmask']),
    /** After so long a pause or a mask ends by itself; as the policy has it when absent. */
    maxMs: z.number().int().min(1_000).max(3_600_000).optional(),
    next: stepName,
  }),
  /** Lets the caller into a conference room; the flow goes on when the conference is over for this caller. */
  z.strictObject({
    do: z.literal('conference'),
    /** The room's id; `{name}` stands for a variable. */
    room: template.min(1),
    /** Enters in this role, without being asked for a PIN. */
    role: z.enum(['moderator', 'participant', 'listener']).optional(),
    /** Where the caller goes on after having left, or been removed, or the end of the conference. */
    next: stepName,
    /** Where to go when the room is not there, locked or full, or the PIN was wrong; the caller has heard why. */
    otherwise: stepName,
  }),
  /** Hands the call to a queue. The flow ends here unless nobody could be found in time. */
  z.strictObject({
    do: z.literal('enqueue'),
    queue: z.string().min(1).max(64),
    priority: z.number().int().min(0).max(100).default(0),
    /** Played once on entering the queue, before the music. */
    prompts: z.array(promptSchema).max(32).default([]),
    music: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/)
      .default('default'),
    /** What both hear when the agent is joined: the agent's number. */
    greeting: z.enum(['none', 'agent-number']).default('none'),
    /** The number at which the caller is called back instead of waiting; `{name}` stands for a variable. */
    callback: template.min(1).optional(),
    callbackHours: hoursWishSchema.optional(),
    /** What the ACD is to know of the caller. */
    contact: contactFactsSchema.optional(),
    /** Where the caller goes on when the agent has hung up; without it the call ends. */
    afterAgent: stepName.optional(),
    /** Who ends the conversation by hanging up; otherwise as set for the agent or the queue. */
    releaseMode: z.enum(['either', 'caller', 'callee']).optional(),
    /** How long somebody who has hung up may come back. */
    reanswerMs: z.number().int().min(5_000).max(600_000).optional(),
    /** Whether the agent or the browser answers; otherwise as set for the agent or the queue. */
    answerMode: z.enum(['manual', 'automatic']).optional(),
    /** How long it rings before it is answered by itself. */
    answerDelayMs: z.number().int().min(0).max(10_000).optional(),
  }),
  z.strictObject({ do: z.literal('hang-up'), reason: z.string().max(200).default('flow ended') }),
]);
export type Step = z.infer<typeof stepSchema>;

export const flowSchema = z.strictObject({
  id: z.string().min(1).max(64),
  version: z.number().int().min(1),
  title: z.string().max(200),
  start: stepName,
  /** Where the flow goes on as soon as the caller is heard to be a fax machine, in whatever step or queue. */
  fax: stepName.optional(),
  steps: z.record(stepName, stepSchema),
});
export type FlowDocument = z.infer<typeof flowSchema>;

/** Names of the steps that may follow a step. */
export const successors = (step: Step): string[] => {
  switch (step.do) {
    case 'answer':
    case 'play':
    case 'tone':
      return [step.next];
    case 'menu':
      return [...Object.values(step.choices).map((choice) => choice.next), step.otherwise];
    case 'say':
      return step.otherwise === undefined ? [step.next] : [step.next, step.otherwise];
    case 'collect':
    case 'record-prompt':
      return [step.next, step.otherwise];
    case 'set':
    case 'recording':
      return [step.next];
    case 'branch':
      return [...Object.values(step.cases), step.otherwise];
    case 'look-up':
    case 'conference':
      return [step.next, step.otherwise];
    case 'redirect':
    case 'hand-over':
      return [step.otherwise];
    case 'dial':
      return step.machine === undefined ? [step.otherwise] : [step.otherwise, step.machine];
    case 'detect':
      return [step.next, ...pathsOf(step)];
    case 'enqueue':
      return step.afterAgent === undefined ? [] : [step.afterAgent];
    case 'hang-up':
      return [];
  }
};

type DetectStep = Extract<Step, { do: 'detect' }>;

const pathsOf = ({ silence, fax, human, machine, beep }: DetectStep): string[] =>
  [silence, fax, human, machine, beep].filter((path) => path !== undefined);

/** Parses and checks a document. Errors name the path of each fault; `queues` are those that exist. */
export const parseFlow = (input: unknown, queues?: ReadonlySet<string>): Result<FlowDocument> => {
  const parsed = flowSchema.safeParse(input);
  if (!parsed.success) {
    return fail(
      'bad_input',
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  }
  const faults = checkFlow(parsed.data, queues);
  return faults.length > 0 ? fail('bad_input', faults.join('; ')) : ok(parsed.data);
};

/** Names are people's: one such as `constructor` is no step unless the document has it. */
const hasStep = ({ steps }: FlowDocument, name: string): boolean => Object.hasOwn(steps, name);

const checkFlow = (flow: FlowDocument, queues: ReadonlySet<string> | undefined): string[] => {
  const faults: string[] = [];
  if (!hasStep(flow, flow.start)) faults.push(`start: there is no step ${flow.start}`);
  if (flow.fax !== undefined && !hasStep(flow, flow.fax)) faults.push(`fax: there is no step ${flow.fax}`);
  for (const [name, step] of Object.entries(flow.steps)) {
    if (step.do === 'detect' && pathsOf(step).length === 0)
      faults.push(`steps.${name}: needs one of silence, fax, human, machine and beep`);
    for (const target of successors(step)) {
      if (!hasStep(flow, target)) faults.push(`steps.${name}: there is no step ${target}`);
    }
    if (step.do === 'enqueue' && step.callbackHours && step.callback === undefined)
      faults.push(`steps.${name}.callbackHours: means nothing without callback`);
    if (step.do === 'enqueue' && queues && !queues.has(step.queue)) {
      faults.push(`steps.${name}.queue: there is no queue ${step.queue}`);
    }
  }
  const reached = reachable(flow);
  for (const name of Object.keys(flow.steps)) {
    if (!reached.has(name)) faults.push(`steps.${name}: no path leads to this step`);
  }
  return faults;
};

const reachable = (flow: FlowDocument): Set<string> => {
  const reached = new Set<string>();
  const open = flow.fax === undefined ? [flow.start] : [flow.start, flow.fax];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const step = hasStep(flow, name) ? flow.steps[name] : undefined;
    if (!step || reached.has(name)) continue;
    reached.add(name);
    open.push(...successors(step));
  }
  return reached;
};
