/** Ant Design in Switchroom's colours; the numbers are those of tokens.css. */
import type { ThemeConfig } from 'antd';

export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#0e7c7b',
    colorInfo: '#1c5fb0',
    colorSuccess: '#17784a',
    colorWarning: '#b76a00',
    colorError: '#bf3328',
    colorTextBase: '#16292e',
    colorTextPlaceholder: '#64777d',
    colorTextDescription: '#4c6067',
    colorBorder: '#c6d0d3',
    colorBorderSecondary: '#e0e6e8',
    colorBgLayout: '#f2f5f6',
    borderRadius: 6,
    fontSize: 14,
    fontFamily:
      "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei UI', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif",
    // Whoever asks for it later has motions that are over at once, by tokens.css: turning them off would begin the desk anew.
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.18s',
  },
  components: {
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
    Table: {
      headerBg: '#f7f9fa',
      headerColor: '#4c6067',
      headerSplitColor: 'transparent',
      cellPaddingBlockSM: 7,
      cellPaddingInlineSM: 12,
      rowHoverBg: '#f3f8f8',
    },
  },
};
