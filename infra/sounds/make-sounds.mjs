/**
 * Makes the sound files of `media/sounds` and the caller's speech. Run by hand when a text changes; the results are
 * committed, so nobody else needs the programs: `apt-get install flite espeak-ng sox`, then
 * `node infra/sounds/make-sounds.mjs`, or with the beginning of the names of those to be made.
 *
 * Voices, of those that Debian's main archive has: English by flite's "slt" (CMU Arctic, free of conditions but its
 * notice), which is made from recorded speech and is easier to follow on a telephone than espeak-ng's formants.
 * Mandarin by espeak-ng, the only one there is. Its default Mandarin takes many syllables for English words, so
 * the "cmn-latn-pinyin" voice reads pinyin with every tone written out; the sound of a synthesizer is not bound by
 * espeak-ng's GPL.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as conference from './conference-sentences.mjs';
import { holdMusic } from './music.mjs';
import * as queue from './queue-sentences.mjs';
import { joined, levelled, silence, synthesized, trimmed, writeWav } from './sound-tools.mjs';

const SPEECH_DBFS = -20;
const here = dirname(fileURLToPath(import.meta.url));
const sounds = join(here, '../../media/sounds');

/** The product's name is written as it is spoken. */
const ENGLISH = {
  welcome: 'Welcome to Switch room.',
  menu: 'For support, press 1. For sales, press 2.',
  'invalid-choice': 'Sorry, that is not a valid choice. Please try again.',
  'please-wait': 'All agents are busy. Please stay on the line.',
  connecting: 'Thank you. We are connecting you now.',
  'no-agents': 'We are sorry. No agent is available at the moment. Please call again later.',
  goodbye: 'Thank you for calling. Goodbye.',
  'record-notice': 'This call may be recorded.',
  'enter-pin': 'Please enter your pin code, and then press the hash key.',
  'enter-number': 'Please dial the number you wish to call, and then press the hash key.',
  'not-reached': 'Sorry, this number cannot be reached at the moment.',
};

/** Parts of a sentence: pinyin, or an English word, or a pause. */
const MANDARIN = {
  // 欢迎致电 Switchroom 客户服务中心。
  welcome: ['huan1 ying2 zhi4 dian4', { english: 'switch room' }, 'ke4 hu4 fu2 wu4 zhong1 xin1'],
  // 技术支持请按1，销售服务请按2。
  menu: ['ji4 shu4 zhi1 chi2 qing3 an4 yi1', { pauseMs: 350 }, 'xiao1 shou4 fu2 wu4 qing3 an4 er4'],
  // 您的选择无效，请重新选择。
  'invalid-choice': ['nin2 de5 xuan3 ze2 wu2 xiao4', { pauseMs: 300 }, 'qing3 chong2 xin1 xuan3 ze2'],
  // 所有坐席正忙，请不要挂机，稍候片刻。
  'please-wait': [
    'suo2 you3 zuo4 xi2 zheng4 mang2',
    { pauseMs: 300 },
    'qing3 bu2 yao4 gua4 ji1',
    { pauseMs: 200 },
    'shao1 hou4 pian4 ke4',
  ],
  // 谢谢，正在为您接通。
  connecting: ['xie4 xie5', { pauseMs: 250 }, 'zheng4 zai4 wei4 nin2 jie1 tong1'],
  // 很抱歉，目前没有空闲的坐席，请稍后再拨。
  'no-agents': [
    'hen3 bao4 qian4',
    { pauseMs: 250 },
    'mu4 qian2 mei2 you3 kong4 xian2 de5 zuo4 xi2',
    { pauseMs: 250 },
    'qing3 shao1 hou4 zai4 bo1',
  ],
  // 感谢您的来电，再见。
  goodbye: ['gan3 xie4 nin2 de5 lai2 dian4', { pauseMs: 250 }, 'zai4 jian4'],
  // 本次通话可能会被录音。
  'record-notice': ['ben3 ci4 tong1 hua4 ke3 neng2 hui4 bei4 lu4 yin1'],
  // 请输入密码，按井号键结束。
  'enter-pin': ['qing3 shu1 ru4 mi4 ma3', { pauseMs: 250 }, 'an4 jing3 hao4 jian4 jie2 shu4'],
  // 请拨您要呼叫的号码，按井号键结束。
  'enter-number': ['qing3 bo1 nin2 yao4 hu1 jiao4 de5 hao4 ma3', { pauseMs: 250 }, 'an4 jing3 hao4 jian4 jie2 shu4'],
  // 抱歉，您拨的号码暂时无法接通。
  'not-reached': ['bao4 qian4', { pauseMs: 250 }, 'nin2 bo1 de5 hao4 ma3 zan4 shi2 wu2 fa3 jie1 tong1'],
};

/** A caller of the English sample flow, for trying the product without a telephone. */
const CALLER = [
  'Hello. I have a question about my account.',
  'Last week I changed my address, and since then I have not received an invoice.',
  'Could you please check which address you have?',
  'My customer number is four, seven, one, one. Thank you.',
];

const english = (text) =>
  synthesized((wav) => ['flite', '-voice', 'slt', '--setf', 'duration_stretch=1.08', '-t', text, '-o', wav]);

const espeak = (voice, text) =>
  synthesized((wav) => ['espeak-ng', '-v', voice, '-s', '150', '-p', '45', '-w', wav, text]);

const mandarinPart = (part) => {
  if (typeof part === 'string') return levelled(trimmed(espeak('cmn-latn-pinyin', part)), SPEECH_DBFS);
  if ('english' in part) return levelled(trimmed(espeak('en-us', part.english)), SPEECH_DBFS);
  return silence(part.pauseMs);
};

const beginning = process.argv[2] ?? '';
const wanted = (sentences) => Object.entries(sentences).filter(([name]) => name.startsWith(beginning));

for (const [name, text] of wanted({ ...ENGLISH, ...conference.ENGLISH, ...queue.ENGLISH }))
  writeWav(join(sounds, 'prompts/en', `${name}.wav`), levelled(trimmed(english(text)), SPEECH_DBFS));
for (const [name, parts] of wanted({ ...MANDARIN, ...conference.MANDARIN, ...queue.MANDARIN }))
  writeWav(join(sounds, 'prompts/zh-CN', `${name}.wav`), levelled(joined(parts.map(mandarinPart)), SPEECH_DBFS));
if (beginning === '') {
  writeWav(join(sounds, 'music/default.wav'), holdMusic());
  const sentences = CALLER.flatMap((text) => [trimmed(english(text)), silence(600)]);
  writeWav(join(here, 'speech-sample.wav'), levelled(joined(sentences), SPEECH_DBFS));
}
