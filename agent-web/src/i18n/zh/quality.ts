import type { Texts } from '../texts';
import type { quality as english } from '../en/quality';

export const quality: Texts<typeof english> = {
  quality: {
    title: '通话音质',
    label: '通话音质：MOS {{mos}}',
    party: { caller: '对方', agent: '坐席', called: '被叫方', supervisor: '班长', other: '第三方' },
    heard: '来自{{party}}：MOS {{mos}}，丢包 {{loss}} %，抖动 {{jitter}} 毫秒，往返时延 {{roundTrip}} 毫秒',
    sent: '发往{{party}}：MOS {{mos}}，丢包 {{loss}} %，抖动 {{jitter}} 毫秒，往返时延 {{roundTrip}} 毫秒',
    summary: {
      heard:
        '来自{{party}}（{{codec}}）：MOS 平均 {{mean}}，最差 {{worst}}，{{poor}} % 的时间音质差；{{packets}} 个包中丢失 {{lost}} 个，抖动 {{jitter}} 毫秒，往返时延 {{roundTrip}} 毫秒',
      sent: '发往{{party}}（{{codec}}）：MOS 平均 {{mean}}，最差 {{worst}}，{{poor}} % 的时间音质差；{{packets}} 个包中丢失 {{lost}} 个，抖动 {{jitter}} 毫秒，往返时延 {{roundTrip}} 毫秒',
    },
    past: { 'no-packets': '没有收到{{party}}的声音', silence: '从{{party}}只收到静音' },
    fault: {
      own: {
        'no-packets': '对方听不到您：您的声音没有到达服务器。请检查网络。',
        silence: '对方听不到您：您的麦克风发送的是静音。请检查麦克风是否被关闭。',
      },
      other: {
        'no-packets': '没有收到对方的声音，对方可能仍能听到您。请换一种方式联系。',
        silence: '对方发送的是静音，可能关闭了麦克风。',
      },
    },
  },
};
