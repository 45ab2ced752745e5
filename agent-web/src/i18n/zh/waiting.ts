/** Chinese texts of callers who wait, and of what befell those of the past. */
export const waiting = {
  queueNotes: {
    title: '排队经过',
    overflowed: '溢出到{{to}}：{{why}}',
    diverted: '转出，{{to}}：{{why}}',
    because: {
      closed: '队列已关闭',
      'no-agents': '没有坐席签入',
      length: '排队人数过多',
      'expected-wait': '预计等待过长',
      waited: '等待时间已到',
    },
    to: {
      flow: '流程 {{target}}',
      number: '号码 {{target}}',
      voicemail: '信箱 {{target}}',
      message: '播放提示 {{target}}',
      end: '结束通话',
    },
    toldPosition: '播报位置：第 {{position}} 位',
    toldWait: '播报等待：{{from}} 至 {{to}}',
    callbackBy: {
      caller: '要求回拨 {{number}}',
      flow: '流程安排回拨 {{number}}',
      queue: '队列规则安排回拨 {{number}}',
    },
    callbackAgain: '未接通，将于 {{time}} 重拨',
    callbackGivenUp: '未接通，不再重拨',
    placeSince: { dropped: '沿用掉线前的排队位置', callback: '沿用回拨的排队位置' },
    prioritised: '{{who}} 将优先级设为 {{priority}}',
    moved: '{{who}} 将来电移到{{to}}',
    assigned: '{{who}} 将来电指派给{{agent}}',
    removed: '{{who}} 结束了排队',
  },
};
