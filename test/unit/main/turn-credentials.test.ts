import { createHmac } from 'node:crypto';
import { parseConfig } from '../../../main/config';
import { turnCredentials } from '../../../main/turn-credentials';

const parsed = (text: string, env: Record<string, string> = {}) => parseConfig({ path: 'file', text, env });

const turnOf = (env: Record<string, string>) => {
  const result = parsed('', env);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value.turn;
};

it('credentials say until when, and are signed with the secret, as coturn checks them', () => {
  const turn = turnOf({ TURN_URLS: 'turn:a.example:3478, turns:b.example:443?transport=tcp', TURN_SECRET: 'a secret' });
  const ice = turnCredentials(turn, { userName: 'agent1', nowMs: 1_700_000_000_500 });
  expect(ice).toMatchObject({
    urls: ['turn:a.example:3478', 'turns:b.example:443?transport=tcp'],
    username: '1700003600:agent1',
    expiresAtMs: 1_700_003_600_000,
    lifetimeMs: 3_600_000,
    relayOnly: false,
  });
  expect(ice?.credential).toBe(createHmac('sha1', 'a secret').update('1700003600:agent1').digest('base64'));
});

it('without TURN servers there are none', () => {
  expect(turnCredentials(turnOf({}), { userName: 'agent1', nowMs: 0 })).toBeUndefined();
});

it.each([
  ['urls without a secret', { TURN_URLS: 'turn:a.example' }, 'turn.secret is missing'],
  [
    'something else than a TURN address',
    { TURN_URLS: 'stun:a.example', TURN_SECRET: 'a secret' },
    'The environment variable TURN_URLS is not usable: must be like turn:turn.example.org:3478',
  ],
])('%s are refused', (_what, env, message) => {
  const result = parsed('', env);
  expect(result.ok ? '' : result.fault.message).toContain(message);
});

it('a relay that is the only way must exist', () => {
  const result = parsed('turn:\n  relayOnly: true\n');
  expect(result.ok ? '' : result.fault.message).toContain('turn.relayOnly');
});
