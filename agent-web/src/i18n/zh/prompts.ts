import type { prompts as english } from '../en/prompts';
import type { Texts } from '../texts';

export const prompts: Texts<typeof english> = {
  prompts: {
    title: '提示音与音乐',
    hint: '来电者听到的内容。新版本会自动调整音量，从下一个电话起生效。',
    kind: '类型与语言',
    folder: { 'prompts/en': '提示音（英语）', 'prompts/zh-CN': '提示音（中文）', music: '音乐' },
    name: '名称，例如 closed-today',
    sound: '声音',
    listen: '试听',
    length: '时长',
    versions: '版本',
    version: '第 {{n}} 版（{{by}}）',
    flows: '使用的流程',
    change: '修改',
    builtIn: '内置',
    upload: '上传',
    record: '录音',
    stop: '停止并保存',
    remove: '删除',
    removeSure: '确定删除此声音及其所有版本？',
    saved: '已保存。',
    failed: '操作失败：{{message}}',
    noMicrophone: '无法使用麦克风，请在浏览器中允许后重试。',
    warning: {
      quiet: '录音音量很低',
      clipped: '音量过大，有削波',
      'silent-edges': '开头或结尾有超过一秒的静音',
      'silent-within': '中间有较长的静音',
    },
  },
};
