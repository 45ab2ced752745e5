import type { Texts } from '../texts';
import type { detection as english } from '../en/detection';

export const detection: Texts<typeof english> = {
  detection: {
    title: '检测结果',
    notice: {
      fax: '传真音：对方是传真机。',
      machine: '答录机：您听到的是对方的录音问候语。',
      awaitsMessage: '答录机：正在录音，请留言或挂断。',
    },
    short: { fax: '传真机', machine: '答录机' },
    close: '关闭此提示',
    caller: {
      human: '对方是真人',
      machine: '对方是答录机',
      'not-sure': '无法判断对方是否为真人',
      fax: '对方是传真机',
    },
    called: {
      human: '{{id}} 由真人接听',
      machine: '{{id}} 由答录机接听',
      'not-sure': '无法判断 {{id}} 由谁接听',
      fax: '{{id}} 由传真机接听',
    },
  },
};
