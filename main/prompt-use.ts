/** Which flows play which sounds. */
import type { FlowDocument, Prompt, Step } from '../flows/document';

const promptsOf = (step: Step): readonly Prompt[] => [
  ...('prompts' in step ? step.prompts : []),
  ...('invalid' in step ? step.invalid : []),
];

/** Music is named without language and piece: any of them is part of it. */
const isMusic = (path: string, name: string): boolean => {
  const [kind, ...parts] = path.split('/');
  return kind === 'music' && parts.includes(name);
};

const plays = (step: Step, path: string): boolean =>
  promptsOf(step).some(({ prompt, language }) => `prompts/${language}/${prompt}` === path) ||
  ('music' in step && isMusic(path, step.music));

/** The ids of the flows that play the sound. */
export const flowsWith = (path: string, flows: Iterable<FlowDocument>): string[] =>
  [...flows].filter(({ steps }) => Object.values(steps).some((step) => plays(step, path))).map(({ id }) => id);
