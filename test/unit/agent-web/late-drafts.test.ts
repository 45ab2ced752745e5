import type { CallView } from '../../../api/contract/common';
import type { CommandBody } from '../../../agent-web/src/api/event-socket';
import { ApiError } from '../../../agent-web/src/api/http';
import { sendLateDrafts } from '../../../agent-web/src/desk/late-drafts';
import type { WrapUpDraft } from '../../../agent-web/src/desk/wrap-up-draft';

const setUp = (kept: Record<string, WrapUpDraft>, refuse?: ApiError) => {
  const store = new Map(Object.entries(kept));
  const sent: CommandBody[] = [];
  const options = {
    send: (command: CommandBody): Promise<void> => {
      sent.push(command);
      return refuse ? Promise.reject(refuse) : Promise.resolve();
    },
    drafts: {
      calls: () => [...store.keys()],
      read: (callId: string) => store.get(callId) ?? { note: '' },
      clear: (callId: string) => void store.delete(callId),
    },
  };
  return { sent, options, left: () => [...store.keys()] };
};

describe('drafts of calls that are over', () => {
  test('are sent with the greeting and then forgotten; those on the desk and empty ones are not sent', async () => {
    const { sent, options, left } = setUp({
      over: { note: 'Calls again.', disposition: 'follow-up' },
      empty: { note: '' },
      here: { note: 'still writing' },
    });
    await sendLateDrafts({ ...options, calls: [{ callId: 'here' } as CallView] });
    expect(sent).toEqual([{ command: 'wrap-up-done', callId: 'over', note: 'Calls again.', disposition: 'follow-up' }]);
    expect(left()).toEqual(['here']);
  });

  test.each([
    ['are kept when the connection is lost again', 'unreachable', ['over']],
    ['are kept when no reply comes', 'timeout', ['over']],
    ['are forgotten when the server does not take them any more', 'conflict', []],
  ] as const)('%s', async (_name, code, kept) => {
    const { options, left } = setUp({ over: { note: 'n' } }, new ApiError(code, ''));
    await sendLateDrafts({ ...options, calls: [] });
    expect(left()).toEqual(kept);
  });
});
