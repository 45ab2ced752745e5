import { readFileSync } from 'node:fs';
import { commandSchema, serverMessageSchema } from '../../../api/contract/socket';
import { BROWSER_GRACE_MS } from '../../../api/sessions/agent-presence';

const text = readFileSync('docs/api.md', 'utf8');
const inCode = (words: readonly string[]): string[] => words.filter((word) => !text.includes(`\`${word}\``));

it('docs/api.md names every command and every message of the event socket', () => {
  const commands = commandSchema.options.map((option) => option.shape.command.value);
  const messages = serverMessageSchema.options.map((option) => option.shape.type.value);
  const reasons = serverMessageSchema.options.flatMap((option) =>
    option.shape.type.value === 'bye' && 'reason' in option.shape ? option.shape.reason.options : [],
  );
  expect(reasons).toHaveLength(5);
  expect(inCode([...commands, ...messages, ...reasons])).toEqual([]);
});

it('docs/api.md says how long a browser may be gone', () => {
  expect(text).toContain(`${BROWSER_GRACE_MS / 1000} seconds to be back`);
});
