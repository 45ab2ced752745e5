/**
 * The call-flow language: a versioned document of named steps. It is validated before it runs, unknown properties are
 * errors, and nothing in it is ever evaluated as code.
 */
import { z } from 'zod';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';

const stepName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a step name is lower-case letters, digits and hyphens');

/** A recorded prompt of the library, in one language. */
export const promptSchema = z.strictObject({
  prompt: z.string().regex(/^[a-z0-9-]{1,64}$/, 'a prompt name is lower-case letters, digits and hyphens'),
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'a language is like en or zh-CN'),
});
export type Prompt = z.infer<typeof promptSchema>;

const digit = z.string().regex(/^[0-9*#A-D]$/, 'a choice is one key: 0-9, *, # or A-D');

export const stepSchema = z.discriminatedUnion('do', [
  /** Answers the call (SIP 200); sound before it is early media. */
  z.strictObject({ do: z.literal('answer'), next: stepName }),
  /** Plays prompts one after the other; a key that the menu behind them knows interrupts them. */
  z.strictObject({ do: z.literal('play'), prompts: z.array(promptSchema).min(1).max(32), next: stepName }),
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
  }),
  z.strictObject({ do: z.literal('hang-up'), reason: z.string().max(200).default('flow ended') }),
]);
export type Step = z.infer<typeof stepSchema>;

export const flowSchema = z.strictObject({
  id: z.string().min(1).max(64),
  version: z.number().int().min(1),
  title: z.string().max(200),
  start: stepName,
  steps: z.record(stepName, stepSchema),
});
export type FlowDocument = z.infer<typeof flowSchema>;

/** Names of the steps that may follow a step. */
export const successors = (step: Step): string[] => {
  switch (step.do) {
    case 'answer':
    case 'play':
      return [step.next];
    case 'menu':
      return [...Object.values(step.choices).map((choice) => choice.next), step.otherwise];
    case 'enqueue':
    case 'hang-up':
      return [];
  }
};

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

const checkFlow = (flow: FlowDocument, queues: ReadonlySet<string> | undefined): string[] => {
  const faults: string[] = [];
  if (!flow.steps[flow.start]) faults.push(`start: there is no step ${flow.start}`);
  for (const [name, step] of Object.entries(flow.steps)) {
    for (const target of successors(step)) {
      if (!flow.steps[target]) faults.push(`steps.${name}: there is no step ${target}`);
    }
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
  const open = [flow.start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const step = flow.steps[name];
    if (!step || reached.has(name)) continue;
    reached.add(name);
    open.push(...successors(step));
  }
  return reached;
};
