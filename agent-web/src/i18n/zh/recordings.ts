/** Chinese texts of the page on which recordings are found. */
import type { recordings as english } from '../en/recordings';
import type { Texts } from '../texts';

export const recordings: Texts<typeof english> = {
  recordings: {
    title: '录音',
    hint: '全部已录音的通话，最新的在前。每次收听都会记入审计。',
    ownHint: '您的通话录音，最新的在前。每次收听都会记入审计。',
    time: '时间',
    caller: '主叫',
    called: '被叫',
    agents: '坐席',
    queue: '队列',
    trunk: '中继',
    trunkName: '中继名称',
    duration: '时长',
    direction: '方向',
    anyDirection: '所有方向',
    held: '依法保留：到期不删除',
    onlyHeld: '仅依法保留',
    hold: '保留',
    release: '解除保留',
    holdHint: '到期后仍保留（依法保留）：',
    heldBy: '{{name}} 于 {{date}} 起保留：{{reason}}',
    holdReason: '须保留的原因',
    releaseReason: '可解除保留的原因',
    empty: '还没有通话录音。',
    emptyFiltered: '没有符合条件的录音。',
    failed: '无法加载录音：{{message}}',
    state: { lost: '已丢失', deleted: '已删除' },
  },
};
