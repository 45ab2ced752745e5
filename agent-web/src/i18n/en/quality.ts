/** How calls sound. */
export const quality = {
  quality: {
    title: 'Sound quality',
    label: 'Sound quality: MOS {{mos}}',
    party: {
      caller: 'the other party',
      agent: 'the agent',
      called: 'the party called',
      supervisor: 'the supervisor',
      other: 'the third party',
    },
    heard: 'From {{party}}: MOS {{mos}}, loss {{loss}} %, jitter {{jitter}} ms, round trip {{roundTrip}} ms',
    sent: 'To {{party}}: MOS {{mos}}, loss {{loss}} %, jitter {{jitter}} ms, round trip {{roundTrip}} ms',
    summary: {
      heard:
        'From {{party}} ({{codec}}): MOS {{mean}} on average, {{worst}} at worst, poor for {{poor}} % of the time; {{lost}} of {{packets}} packets lost, jitter {{jitter}} ms, round trip {{roundTrip}} ms',
      sent: 'To {{party}} ({{codec}}): MOS {{mean}} on average, {{worst}} at worst, poor for {{poor}} % of the time; {{lost}} of {{packets}} packets lost, jitter {{jitter}} ms, round trip {{roundTrip}} ms',
    },
    past: { 'no-packets': 'Nothing was received from {{party}}', silence: 'Only silence was received from {{party}}' },
    fault: {
      own: {
        'no-packets': 'The other side hears nothing: your sound does not reach the server. Check your network.',
        silence: 'The other side hears nothing: your microphone sends silence. Check whether it is muted.',
      },
      other: {
        'no-packets': 'No sound is received from the other side, which may hear you. Ask for another way to call.',
        silence: 'The other side sends silence. Its microphone may be muted.',
      },
    },
  },
};
