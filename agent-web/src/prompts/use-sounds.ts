/** The center's prompts and music: the list, and what can be done with a sound. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import type { SoundView } from '../../../api/contract/sounds';
import { readSounds, removeSound, saveSound, chooseSoundVersion } from '../api/resources';
import { faultText } from '../i18n/fault-text';

const SOUNDS_KEY = 'sounds';

export interface Sounds {
  readonly items: readonly SoundView[] | undefined;
  readonly error: Error | null;
  save(path: string, wav: Blob, source: 'upload' | 'browser'): Promise<void>;
  takeBack(path: string, version: number): Promise<void>;
  remove(path: string): Promise<void>;
}

export const useSounds = (): Sounds => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: [SOUNDS_KEY], queryFn: readSounds });
  /** Tells what came of it, and reads the list again. */
  const change = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
      void message.success(t('prompts.saved'));
    } catch (failure) {
      void message.error(t('prompts.failed', { message: faultText(failure, t) }));
    }
    await queries.invalidateQueries({ queryKey: [SOUNDS_KEY] });
  };
  return {
    items: data,
    error,
    save: (path, wav, source) => change(saveSound(path, wav, source)),
    takeBack: (path, version) => change(chooseSoundVersion(path, version)),
    remove: (path) => change(removeSound(path)),
  };
};
