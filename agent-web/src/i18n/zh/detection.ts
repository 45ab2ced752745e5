import type { Texts } from '../texts';
import type { detection as english } from '../en/detection';

export const detection: Texts<typeof english> = {
  detection: {
    title: '检测结果',
    caller: {
      human: '对方是真人',
      machine: '对方是应答机',
      'not-sure': '无法判断对方是否为真人',
      fax: '对方是传真机',
    },
    called: {
      human: '{{id}} 由真人接听',
      machine: '{{id}} 由应答机接听',
      'not-sure': '无法判断 {{id}} 由谁接听',
      fax: '{{id}} 由传真机接听',
    },
  },
};
