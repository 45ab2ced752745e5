/** What a leg is listened to for outlives the process that listens. */
import { SimulatedClock } from '../../../../base/clock';
import { asId } from '../../../../base/ids';
import type { EndpointId } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import { MediaPool } from '../../../../media/pool/pool';
import { ProcessDouble } from '../../../support/media-process-double';

const LEG = asId<EndpointId>('leg');
const WANTED = { fax: true, answeringMachine: {} };

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

const poolOfTwo = async () => {
  const processes = [new ProcessDouble('one'), new ProcessDouble('two')] as const;
  const pool = new MediaPool({
    processes: processes.map((process) => ({ name: process.name, port: process.port })),
    clock: new SimulatedClock(),
    log: silentLogger(),
  });
  await pool.openEndpoint({ endpointId: LEG, kind: 'rtp', codecs: ['PCMA'], offer: 'v=0' });
  await pool.detect(LEG, WANTED);
  return { processes, pool };
};

const detectionsOf = ({ asked }: ProcessDouble): string[] => asked.filter((one) => one.startsWith('detect'));

it('a leg that is opened anew elsewhere is listened to there', async () => {
  const { processes, pool } = await poolOfTwo();
  expect(detectionsOf(processes[0])).toHaveLength(1);
  processes[0].die();
  await settle();
  expect(detectionsOf(processes[1])).toHaveLength(1);
  expect(detectionsOf(processes[1])[0]).toContain(JSON.stringify(WANTED));
  pool.close();
});

it('who has answered is not asked once more', async () => {
  const { processes, pool } = await poolOfTwo();
  processes[0].emit({ type: 'answered-by', endpointId: LEG, answeredBy: 'human', cause: 'short-greeting' });
  processes[0].die();
  await settle();
  expect(detectionsOf(processes[1])[0]).toContain(JSON.stringify({ fax: true }));
  pool.close();
});

it('a leg that nobody listens to any more is left alone', async () => {
  const { processes, pool } = await poolOfTwo();
  await pool.detect(LEG, {});
  processes[0].die();
  await settle();
  expect(detectionsOf(processes[1])).toEqual([]);
  pool.close();
});
