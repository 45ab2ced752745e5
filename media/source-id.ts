/** Numbers for {@link StreamPacket.sourceId}, unique within this process. */
let last = 0;

export const nextSourceId = (): number => (last += 1);
