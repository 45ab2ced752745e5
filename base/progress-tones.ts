/** Call progress tones by their purpose (ITU-T E.180), and the short tone before somebody is recorded. */
export const TONE_NAMES = [
  'dial',
  'ring-back',
  'busy',
  'congestion',
  'special-information',
  'call-waiting',
  'record',
  'beep',
] as const;

export type ToneName = (typeof TONE_NAMES)[number];
