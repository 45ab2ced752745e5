import { SeededRandom } from '../../../base/random';
import type { RecordingFile } from '../../../api/ports';
import { wavSnapshot } from '../../../api/recordings/wav-snapshot';
import { wavFile } from '../../support/api/api-fixture';

const fileOf = (content: Buffer): RecordingFile => ({
  sizeBytes: content.length,
  modifiedAtMs: 0,
  version: 'v',
  read: (offset, length) => Promise.resolve(Buffer.from(content.subarray(offset, offset + length))),
  close: () => Promise.resolve(),
});

describe('the snapshot of a WAV', () => {
  it('that is complete is the file as it is', async () => {
    expect(await wavSnapshot(fileOf(wavFile(800)))).toEqual({ sizeBytes: 844, header: Buffer.alloc(0) });
  });

  it('that is complete keeps what follows its samples', async () => {
    const withList = Buffer.concat([wavFile(800), Buffer.from('LIST\x04\0\0\0abcd', 'latin1')]);
    withList.writeUInt32LE(withList.length - 8, 4);
    expect(await wavSnapshot(fileOf(withList))).toEqual({ sizeBytes: withList.length, header: Buffer.alloc(0) });
  });

  it.each([
    ['has not written its sizes yet', 0],
    ['wrote its sizes a while ago', 400],
    ['was cut off by a crash', 4_000],
  ])('whose writer %s gets the sizes of what is there', async (_name, declared) => {
    const { sizeBytes, header } = await wavSnapshot(fileOf(wavFile(803, declared)));
    expect(sizeBytes).toBe(844);
    expect([header.length, header.readUInt32LE(4), header.readUInt32LE(40)]).toEqual([44, 836, 800]);
  });

  it('finds the samples behind other chunks', async () => {
    const plain = wavFile(800, 0);
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const content = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)]);
    const { sizeBytes, header } = await wavSnapshot(fileOf(content));
    expect([sizeBytes, header.length, header.readUInt32LE(52)]).toEqual([856, 56, 800]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a header cut off', wavFile(0).subarray(0, 20)],
    ['something else', Buffer.from('this is no WAV file, whatever its name may say')],
  ])('of %s is sent as it is', async (_name, content) => {
    expect(await wavSnapshot(fileOf(content))).toEqual({ sizeBytes: content.length, header: Buffer.alloc(0) });
  });

  it('never fails and never promises more than there is, whatever the file holds', async () => {
    const random = new SeededRandom(4_711);
    for (let round = 0; round < 5_000; round += 1) {
      const content = wavFile(random.int(200), random.int(300));
      for (let change = random.int(6); change > 0; change -= 1) content[random.int(44)] = random.int(256);
      const cut = content.subarray(0, random.int(content.length + 1));
      const { sizeBytes, header } = await wavSnapshot(fileOf(cut));
      expect({ round, fits: sizeBytes <= cut.length && header.length <= sizeBytes }).toEqual({ round, fits: true });
    }
  });
});
