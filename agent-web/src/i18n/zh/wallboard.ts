import type { Texts } from '../texts';
import type { wallboard as english } from '../en/wallboard';

/** Chinese texts of the wallboard. */
export const wallboard: Texts<typeof english> = {
  wallboard: {
    title: '监控大屏',
    hint: '全部队列的实时情况，各项指标的算法与报表一致。',
    standing: '当前告警',
    calm: '当前没有告警。',
    since: '已持续 {{duration}}',
    notRead: '无法读取指标：{{message}}',
    span: { 'half-hour': '最近半小时', today: '今日' },
    now: '当前',
    queue: '队列',
    waiting: '等待',
    oldest: '最长等待',
    signedIn: '登录',
    ready: '就绪',
    busy: '忙碌',
    offered: '进线量',
    answered: '接通量',
    abandoned: '放弃量',
    diverted: '转移量',
    serviceLevel: '服务水平',
    abandonment: '放弃率',
    speed: '平均应答速度',
    handling: '平均处理时长',
    longest: '最长等待',
    none: '尚未设置队列。',
  },
};
