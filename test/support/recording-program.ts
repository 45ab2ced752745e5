/** Records one speaker, sealed, until it is killed: the recorder as the media process runs it, in a process of its own. */
import { systemClock } from '../../base/clock';
import type { RecordingId } from '../../base/ids';
import { asId } from '../../base/ids';
import { RecordingDesk } from '../../media/recording/recording-desk';
import { speaker } from './recorded-speaker';

const [recordingsDir = '', id = '', dataKey = '', wrappedKey = ''] = process.argv.slice(2);
const recordingId = asId<RecordingId>(id);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const desk = new RecordingDesk({
  recordingsDir,
  clock: systemClock,
  onFailed: (_recordingId, { cause, detail }) => say(`failed ${cause}: ${detail}`),
});
const customer = speaker();

void desk.start({ recordingId, path: 'day/call.wav', codec: 'PCMA', seal: { dataKey, wrappedKey } }).then((started) => {
  if (started.ok) desk.attach(recordingId, 0, customer.endpoint);
  say(started.ok ? 'recording' : `refused ${started.fault.message}`);
  let index = 0;
  const startedMs = systemClock.monotonicMs();
  systemClock.every(20, () => {
    for (; index * 20 < systemClock.monotonicMs() - startedMs; index += 1) customer.say(index, 0x2a);
  });
});
