import type { Texts } from '../texts';
import type { quality as english } from '../en/quality';

/** Chinese texts of how calls sound. */
export const quality: Texts<typeof english> = {
  quality: {
    title: '通话音质',
    label: '通话音质：{{grade}}（MOS {{mos}}）',
    notHeard: '通话音质：听不到{{party}}的声音',
    grade: { veryPoor: '很差', poor: '差', fair: '一般', good: '好', veryGood: '很好' },
    party: { caller: '对方', agent: '坐席', called: '被叫方', supervisor: '班长', other: '第三方' },
    heard: '来自{{party}}：MOS {{mos}}，丢包 {{loss}} %，抖动 {{jitter}} 毫秒，往返时延 {{roundTrip}} 毫秒',
    sent: '发往{{party}}：MOS {{mos}}，丢包 {{loss}} %，抖动 {{jitter}} 毫秒，往返时延 {{roundTrip}} 毫秒',
    way: { heard: '来自{{party}}', sent: '发往{{party}}' },
    figure: {
      direction: '方向',
      codec: '编码',
      mean: '平均 MOS 分',
      worst: '最低 MOS 分',
      poor: '低于 3.6 的时间',
      lost: '丢包',
      jitter: '抖动',
      roundTrip: '往返时延',
    },
    past: { 'no-packets': '没有收到{{party}}的声音', silence: '从{{party}}只收到静音' },
    fault: {
      own: {
        'no-packets': '对方听不到您：您的声音没有到达服务器。请检查网络。',
        silence: '对方听不到您：您的麦克风发送的是静音。请检查麦克风是否被关闭。',
      },
      other: {
        'no-packets': '没有收到对方的声音，对方可能仍能听到您。请换一种方式联系。',
        silence: '对方发送的是静音，可能关闭了麦克风。对方能听到您，请其检查。',
      },
    },
  },
};
