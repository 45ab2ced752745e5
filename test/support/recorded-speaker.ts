/** An endpoint whose packets a test makes, frame by frame of 20 ms. */
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import type { MediaEndpoint, PacketListener } from '../../media/endpoint/endpoint';

export interface RecordedSpeaker {
  readonly endpoint: MediaEndpoint;
  /** The frame of this index: 160 samples of one value. */
  say(index: number, value: number): void;
}

export const speaker = (): RecordedSpeaker => {
  const listeners = new Set<PacketListener>();
  const onPacket = (listener: PacketListener) => (listeners.add(listener), () => void listeners.delete(listener));
  const endpoint = { id: newId<EndpointId>(), codec: 'PCMA', onPacket } as unknown as MediaEndpoint;
  const say = (index: number, value: number): void =>
    listeners.forEach((listener) =>
      listener({
        sourceId: 1,
        sequenceNumber: index,
        timestamp: index * 160,
        marker: false,
        content: 'audio',
        payload: Buffer.alloc(160, value),
      }),
    );
  return { endpoint, say };
};
