/** Music that servers stream: the list, and what administrators can do about it. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { MusicStreamBody, MusicStreamView } from '../../../api/contract/music-streams';
import { readMusicStreams, removeMusicStream, saveMusicStream } from '../api/resources';
import { useChange } from './use-change';

const STREAMS_KEY = 'music-streams';

export interface MusicStreams {
  /** Undefined until they are there. */
  readonly items: readonly MusicStreamView[] | undefined;
  readonly error: Error | null;
  /** False when it was refused, which has been told. */
  save(name: string, stream: MusicStreamBody): Promise<boolean>;
  remove(name: string): Promise<boolean>;
}

export const useMusicStreams = (): MusicStreams => {
  const { t } = useTranslation();
  const { data, error } = useQuery({ queryKey: [STREAMS_KEY], queryFn: readMusicStreams });
  const change = useChange(STREAMS_KEY);
  return {
    items: data,
    error,
    save: (name, stream) => change(saveMusicStream(name, stream), t('prompts.streams.saved')),
    remove: (name) => change(removeMusicStream(name), t('prompts.removed')),
  };
};
