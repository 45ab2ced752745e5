/** What conference rooms say: English as it is spoken, Mandarin in pinyin with pauses. */

export const ENGLISH = {
  'conference-wrong-pin': 'Sorry, this pin code is not right.',
  'conference-locked-out': 'Sorry, too many pin codes were wrong. Please try again later.',
  'conference-not-found': 'Sorry, there is no such conference.',
  'conference-locked': 'Sorry, this conference is locked.',
  'conference-full': 'Sorry, this conference is full.',
  'conference-welcome': 'Welcome to the conference.',
  'conference-listening': 'Welcome to the conference. You are listening. To ask for the floor, press star 5.',
  'conference-waiting': 'The conference begins when the moderator is here. Please wait.',
  'conference-invitation': 'You are invited to a conference. To join, press 1.',
  'conference-muted': 'You are muted.',
  'conference-unmuted': 'You can be heard.',
  'conference-silenced': 'You are muted by the moderator. To ask for the floor, press star 5.',
  'conference-floor': 'You have the floor.',
  'conference-hand-raised': 'Your hand is raised.',
  'conference-hand-lowered': 'Your hand is lowered.',
  'conference-hand-waits': 'A hand is raised.',
  'conference-now-locked': 'The conference is locked.',
  'conference-now-unlocked': 'The conference is open.',
  'conference-all-muted': 'All are muted.',
  'conference-all-unmuted': 'All can be heard.',
  'conference-recorded': 'This conference is recorded.',
  'conference-not-recorded': 'The recording has ended.',
  'conference-recording-silent': 'The recording is silent.',
  'conference-recording-goes-on': 'The recording goes on.',
  'conference-removed': 'You have been removed from the conference. Goodbye.',
  'conference-ended': 'The conference is over. Goodbye.',
  'conference-not-possible': 'Sorry, this is not possible now.',
  'conference-help-listener':
    'To raise or lower your hand, press star 5. To mute yourself when you have the floor, press star 6. To leave, press star 9.',
  'conference-help-participant':
    'To mute yourself, press star 6. To raise your hand when the moderator has muted you, press star 5. ' +
    'To speak more softly or louder, press star 7 or star 8. To leave, press star 9.',
  'conference-help-moderator':
    'To lock or open the conference, press star 1. To mute all, or let all speak again, press star 2. ' +
    'To begin or end the recording, press star 3. To keep it silent for a while, press star 5. To give the floor to who raised a hand first, press star 4. ' +
    'To mute yourself, press star 6. To speak more softly or louder, press star 7 or star 8. ' +
    'To leave, press star 9. To end the conference for all, press star hash.',
};

const SORRY = 'bao4 qian4';
const pause = { pauseMs: 250 };
const star = (key) => `an4 xing1 hao4 ${key}`;

export const MANDARIN = {
  // 抱歉，密码不正确。
  'conference-wrong-pin': [SORRY, pause, 'mi4 ma3 bu2 zheng4 que4'],
  // 抱歉，密码错误次数过多，请稍后再试。
  'conference-locked-out': [SORRY, pause, 'mi4 ma3 cuo4 wu4 ci4 shu4 guo4 duo1', pause, 'qing3 shao1 hou4 zai4 shi4'],
  // 抱歉，没有这个会议。
  'conference-not-found': [SORRY, pause, 'mei2 you3 zhe4 ge5 hui4 yi4'],
  // 抱歉，会议已锁定。
  'conference-locked': [SORRY, pause, 'hui4 yi4 yi3 suo3 ding4'],
  // 抱歉，会议人数已满。
  'conference-full': [SORRY, pause, 'hui4 yi4 ren2 shu4 yi2 man3'],
  // 欢迎参加会议。
  'conference-welcome': ['huan1 ying2 can1 jia1 hui4 yi4'],
  // 欢迎参加会议。您正在旁听。如需发言，请按星号5。
  'conference-listening': [
    'huan1 ying2 can1 jia1 hui4 yi4',
    pause,
    'nin2 zheng4 zai4 pang2 ting1',
    pause,
    `ru2 xu1 fa1 yan2 qing3 ${star('wu3')}`,
  ],
  // 主持人到达后会议开始，请稍候。
  'conference-waiting': ['zhu3 chi2 ren2 dao4 da2 hou4 hui4 yi4 kai1 shi3', pause, 'qing3 shao1 hou4'],
  // 邀请您参加会议。加入请按1。
  'conference-invitation': ['yao1 qing3 nin2 can1 jia1 hui4 yi4', pause, 'jia1 ru4 qing3 an4 yi1'],
  // 您已静音。
  'conference-muted': ['nin2 yi3 jing4 yin1'],
  // 您可以发言。
  'conference-unmuted': ['nin2 ke2 yi3 fa1 yan2'],
  // 主持人已将您静音。如需发言，请按星号5。
  'conference-silenced': ['zhu3 chi2 ren2 yi3 jiang1 nin2 jing4 yin1', pause, `ru2 xu1 fa1 yan2 qing3 ${star('wu3')}`],
  // 请您发言。
  'conference-floor': ['qing3 nin2 fa1 yan2'],
  // 您已举手。
  'conference-hand-raised': ['nin2 yi3 ju2 shou3'],
  // 您已放下手。
  'conference-hand-lowered': ['nin2 yi3 fang4 xia4 shou3'],
  // 有人举手。
  'conference-hand-waits': ['you3 ren2 ju2 shou3'],
  // 会议已锁定。
  'conference-now-locked': ['hui4 yi4 yi3 suo3 ding4'],
  // 会议已开放。
  'conference-now-unlocked': ['hui4 yi4 yi3 kai1 fang4'],
  // 已全体静音。
  'conference-all-muted': ['yi3 quan2 ti3 jing4 yin1'],
  // 已取消全体静音。
  'conference-all-unmuted': ['yi2 qu3 xiao1 quan2 ti3 jing4 yin1'],
  // 会议正在录音。
  'conference-recorded': ['hui4 yi4 zheng4 zai4 lu4 yin1'],
  // 录音已结束。
  'conference-not-recorded': ['lu4 yin1 yi3 jie2 shu4'],
  // 录音已暂停。
  'conference-recording-silent': ['lu4 yin1 yi3 zan4 ting2'],
  // 录音已继续。
  'conference-recording-goes-on': ['lu4 yin1 yi3 ji4 xu4'],
  // 您已被移出会议，再见。
  'conference-removed': ['nin2 yi3 bei4 yi2 chu1 hui4 yi4', pause, 'zai4 jian4'],
  // 会议已结束，再见。
  'conference-ended': ['hui4 yi4 yi3 jie2 shu4', pause, 'zai4 jian4'],
  // 抱歉，现在无法操作。
  'conference-not-possible': [SORRY, pause, 'xian4 zai4 wu2 fa3 cao1 zuo4'],
  // 举手或放下，请按星号5。获准发言时静音，请按星号6。离开会议，请按星号9。
  'conference-help-listener': [
    `ju2 shou3 huo4 fang4 xia4 qing3 ${star('wu3')}`,
    pause,
    `huo4 zhun3 fa1 yan2 shi2 jing4 yin1 qing3 ${star('liu4')}`,
    pause,
    `li2 kai1 hui4 yi4 qing3 ${star('jiu3')}`,
  ],
  // 静音请按星号6。被主持人静音时举手，请按星号5。调低或调高音量，请按星号7或星号8。离开会议，请按星号9。
  'conference-help-participant': [
    `jing4 yin1 qing3 ${star('liu4')}`,
    pause,
    `bei4 zhu3 chi2 ren2 jing4 yin1 shi2 ju2 shou3 qing3 ${star('wu3')}`,
    pause,
    `tiao2 di1 huo4 tiao2 gao1 yin1 liang4 qing3 ${star('qi1')} huo4 xing1 hao4 ba1`,
    pause,
    `li2 kai1 hui4 yi4 qing3 ${star('jiu3')}`,
  ],
  // 锁定或开放会议，请按星号1。全体静音或取消，请按星号2。开始或结束录音，请按星号3。暂停或继续录音，请按星号5。请最先举手的人发言，请按星号4。
  // 静音请按星号6。调低或调高音量，请按星号7或星号8。离开会议，请按星号9。结束会议，请按星号井号。
  'conference-help-moderator': [
    `suo3 ding4 huo4 kai1 fang4 hui4 yi4 qing3 ${star('yi1')}`,
    pause,
    `quan2 ti3 jing4 yin1 huo4 qu3 xiao1 qing3 ${star('er4')}`,
    pause,
    `kai1 shi3 huo4 jie2 shu4 lu4 yin1 qing3 ${star('san1')}`,
    pause,
    `zan4 ting2 huo4 ji4 xu4 lu4 yin1 qing3 ${star('wu3')}`,
    pause,
    `qing3 zui4 xian1 ju2 shou3 de5 ren2 fa1 yan2 qing3 ${star('si4')}`,
    pause,
    `jing4 yin1 qing3 ${star('liu4')}`,
    pause,
    `tiao2 di1 huo4 tiao2 gao1 yin1 liang4 qing3 ${star('qi1')} huo4 xing1 hao4 ba1`,
    pause,
    `li2 kai1 hui4 yi4 qing3 ${star('jiu3')}`,
    pause,
    `jie2 shu4 hui4 yi4 qing3 an4 xing1 hao4 jing3 hao4`,
  ],
};
