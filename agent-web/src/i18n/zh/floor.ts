import type { Texts } from '../texts';
import type { floor as english } from '../en/floor';

/** Chinese texts of what supervisors watch. */
export const floor: Texts<typeof english> = {
  alarms: {
    title: '告警',
    bellNew: '告警，新增 {{count}} 条',
    none: '没有告警。',
    severity: { info: '已恢复', warning: '警告', critical: '严重' },
    kind: {
      'stranger-knocks': '{{source}} 不是已知对端，一分钟内已被拒绝 {{refused}} 次。',
      'source-banned': '{{source}} 已被封禁至 {{until}}：登录失败十次。',
      'pair-banned': '{{source}} 在 {{until}} 之前不能以 {{account}} 登录：已失败十次。',
      'account-banned': '账号 {{account}} 正遭受攻击：{{until}} 之前，只有曾经登录过该账号的地方可以登录。',
      'sign-in-failures': '{{source}} 以多个名称登录失败十次，但该处也有正常用户。',
      'trunk-down': '中继 {{trunkId}} 已中断：{{why}}。',
      'trunk-degraded': '中继 {{trunkId}} 可用，但部分代理已中断：{{why}}。',
      'trunk-up': '中继 {{trunkId}} 已恢复。',
      'trunk-registration-failed': '中继 {{trunkId}} 未能向运营商注册：{{why}}。',
      'trunk-registered': '中继 {{trunkId}} 已重新向运营商注册。',
      'trunk-limit-reached': '中继 {{trunkId}} 已达上限：{{limit}}（{{direction}}）。',
      'call-limit': '{{account}} 的呼叫被拒绝：{{class}}号码{{breach}}（上限 {{limit}}）。',
      'call-cost-ceiling':
        '{{account}} 不能再呼叫{{class}}号码：今日费用 {{cost}}，上限 {{limit}}。确认无误后请解除锁定。',
    },
    cause: {
      response: '收到应答 {{status}} {{reason}}',
      'credentials-refused': '收到应答 {{status}} {{reason}}（{{username}} 的用户名或密码被拒绝）',
      'challenge-unknown':
        '收到应答 {{status}} {{reason}}（这个 {{status}} 中没有 MD5、SHA-256 或 SHA-512-256 摘要质询）',
      'not-answered': '{{method}} 在 {{timeoutMs}} 毫秒内没有应答',
      'not-sent': '{{method}} 无法发送：{{error}}',
      'nothing-sent': '未发送任何请求',
      'server-not-connected': '尚未连接 SIP 服务器',
      'server-lost': '与 SIP 服务器的连接已断开',
      'call-not-answered': '代理在 {{timeoutMs}} 毫秒内没有任何应答',
      'call-not-placed': '无法发出呼叫：{{error}}',
      internal: '内部错误：{{error}}',
      answered: '代理已恢复应答',
      'pause-over': '代理的暂停时间已过',
      registering: '正在注册',
      registered: '已注册',
      'settings-changed': '设置已更改',
    },
    limit: { calls: '并发呼叫数', 'calls-per-second': '每秒呼叫数' },
    breach: {
      'call-limit-concurrent': '同时呼叫过多',
      'call-limit-rate': '一分钟内呼叫过多',
    },
  },
  team: {
    title: '坐席',
    hint: '全部坐席的实时状态。',
    name: '姓名',
    extension: '分机',
    state: '状态',
    since: '持续时间',
    device: '网页话机',
    online: '已连接',
    offline: '未连接',
    empty: '尚未设置坐席。',
    failed: '无法加载坐席列表：{{message}}',
  },
};
