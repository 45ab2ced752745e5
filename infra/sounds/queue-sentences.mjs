/**
 * What callers hear who are not to wait in a queue, and agents whose telephone is anywhere: English as it is spoken,
 * Mandarin in pinyin with pauses.
 */

export const ENGLISH = {
  'queue-leave-message': 'Please leave a message after the tone.',
  'queue-callback-number': 'Please enter the number at which we can call you back, and then press the hash key.',
  'queue-callback-promised': 'We will call you back. You keep your place in the queue. Goodbye.',
  'queue-callback-impossible': 'Sorry, we cannot call this number back. Please stay on the line.',
  'station-press-one': 'You have a call. To take it, press 1.',
};

export const MANDARIN = {
  // 请在提示音后留言。
  'queue-leave-message': ['qing3 zai4 ti2 shi4 yin1 hou4 liu2 yan2'],
  // 请输入您的回拨号码，按井号键结束。
  'queue-callback-number': [
    'qing3 shu1 ru4 nin2 de5 hui2 bo1 hao4 ma3',
    { pauseMs: 250 },
    'an4 jing3 hao4 jian4 jie2 shu4',
  ],
  // 我们会给您回电，您的排队位置将保留，再见。
  'queue-callback-promised': [
    'wo3 men5 hui4 gei3 nin2 hui2 dian4',
    { pauseMs: 250 },
    'nin2 de5 pai2 dui4 wei4 zhi4 jiang1 bao3 liu2',
    { pauseMs: 250 },
    'zai4 jian4',
  ],
  // 抱歉，无法回拨这个号码，请不要挂机。
  'queue-callback-impossible': [
    'bao4 qian4',
    { pauseMs: 250 },
    'wu2 fa3 hui2 bo1 zhe4 ge5 hao4 ma3',
    { pauseMs: 250 },
    'qing3 bu2 yao4 gua4 ji1',
  ],
  // 您有一个来电，接听请按1。
  'station-press-one': ['nin2 you3 yi2 ge5 lai2 dian4', { pauseMs: 250 }, 'jie1 ting1 qing3 an4 yi1'],
};
