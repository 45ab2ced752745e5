/** Chinese texts of the page on which recordings are found. */
import type { recordings as english } from '../en/recordings';
import type { Texts } from '../texts';

export const recordings: Texts<typeof english> = {
  recordings: {
    title: '录音',
    hint: '可按时间、坐席、号码、队列和中继查找。收听会被记入审计。',
    time: '开始时间',
    caller: '主叫',
    called: '被叫',
    agents: '坐席',
    queue: '队列',
    trunk: '中继',
    duration: '时长',
    direction: '方向',
    anyDirection: '所有方向',
    held: '依法保留',
    hold: '保留',
    release: '解除保留',
    heldBy: '{{name}} 已保留：{{reason}}',
    reason: '原因',
    outline: '双方声音的波形',
    empty: '没有符合条件的录音。',
    failed: '无法加载录音：{{message}}',
    state: { lost: '已丢失', deleted: '已删除' },
  },
};
