/** The center's prompts and music: the list, and what can be done with a sound. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SoundView } from '../../../api/contract/sounds';
import { chooseSoundVersion, readSounds, removeSound, saveSound } from '../api/resources';
import { useChange } from './use-change';

const SOUNDS_KEY = 'sounds';

export interface Sounds {
  /** Undefined until they are there. */
  readonly items: readonly SoundView[] | undefined;
  readonly error: Error | null;
  /** False when it was refused, which has been told. */
  save(path: string, wav: Blob, source: 'upload' | 'browser'): Promise<boolean>;
  takeBack(path: string, version: number): Promise<boolean>;
  remove(path: string): Promise<boolean>;
  reload(): void;
}

export const useSounds = (): Sounds => {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: [SOUNDS_KEY], queryFn: readSounds });
  const change = useChange(SOUNDS_KEY);
  return {
    items: data,
    error,
    save: (path, wav, source) => change(saveSound(path, wav, source), t('prompts.saved')),
    takeBack: (path, version) => change(chooseSoundVersion(path, version), t('prompts.takenBack', { n: version })),
    remove: (path) => change(removeSound(path), t('prompts.removed')),
    reload: () => void refetch(),
  };
};
