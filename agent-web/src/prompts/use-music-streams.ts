/** Music that servers stream: the list, and what administrators can do about it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import type { MusicStreamBody, MusicStreamView } from '../../../api/contract/music-streams';
import { readMusicStreams, removeMusicStream, saveMusicStream } from '../api/resources';
import { faultText } from '../i18n/fault-text';

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
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: [STREAMS_KEY], queryFn: readMusicStreams });
  const change = async (work: Promise<unknown>, done: string): Promise<boolean> => {
    try {
      await work;
      void message.success(done);
      return true;
    } catch (failure) {
      void message.error(t('prompts.failed', { message: faultText(failure, t) }));
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: [STREAMS_KEY] });
    }
  };
  return {
    items: data,
    error,
    save: (name, stream) => change(saveMusicStream(name, stream), t('prompts.streams.saved')),
    remove: (name) => change(removeMusicStream(name), t('prompts.removed')),
  };
};
