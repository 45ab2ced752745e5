/** How calls sound. */
export const quality = {
  quality: {
    title: 'Sound quality',
    label: 'Sound quality: {{grade}} (MOS {{mos}})',
    notHeard: 'Sound quality: {{party}} is not heard',
    grade: { veryPoor: 'very poor', poor: 'poor', fair: 'fair', good: 'good', veryGood: 'very good' },
    party: {
      caller: 'the other party',
      agent: 'the agent',
      called: 'the party called',
      supervisor: 'the supervisor',
      other: 'the third party',
    },
    heard: 'From {{party}}: MOS {{mos}}, loss {{loss}} %, jitter {{jitter}} ms, round trip {{roundTrip}} ms',
    sent: 'To {{party}}: MOS {{mos}}, loss {{loss}} %, jitter {{jitter}} ms, round trip {{roundTrip}} ms',
    way: { heard: 'From {{party}}', sent: 'To {{party}}' },
    figure: {
      direction: 'Direction',
      codec: 'Codec',
      mean: 'MOS, average',
      worst: 'MOS, worst',
      poor: 'Time below 3.6',
      lost: 'Packets lost',
      jitter: 'Jitter',
      roundTrip: 'Round trip',
    },
    past: { 'no-packets': 'Nothing was received from {{party}}', silence: 'Only silence was received from {{party}}' },
    fault: {
      own: {
        'no-packets': 'The other side hears nothing: your sound does not reach the server. Check your network.',
        silence: 'The other side hears nothing: your microphone sends silence. Check whether it is muted.',
      },
      other: {
        'no-packets': 'No sound is received from the other side, which may hear you. Ask for another way to call.',
        silence: 'The other side sends silence: its microphone may be muted. It hears you; ask it to look.',
      },
    },
  },
};
