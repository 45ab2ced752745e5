/** A sound that is not there yet: its kind, its name, and where it comes from. */
import { Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { soundPathSchema } from '../../../api/contract/sounds';
import { RecordButtons } from './record-buttons';
import { soundKindOf } from './sound-names';
import type { Sounds } from './use-sounds';

const FOLDERS = ['prompts/en', 'prompts/zh-CN', 'music'] as const;

/** What is wrong with the name, or what will come of it. */
const useAdvice = (path: string, name: string, sounds: Sounds): 'badName' | 'nextVersion' | undefined => {
  if (name === '') return undefined;
  if (!soundPathSchema.safeParse(path).success) return 'badName';
  return sounds.items?.some((sound) => sound.path === path) ? 'nextVersion' : undefined;
};

export const NewSound = ({ sounds }: { readonly sounds: Sounds }) => {
  const { t } = useTranslation();
  const [folder, setFolder] = useState<(typeof FOLDERS)[number]>('prompts/en');
  const [name, setName] = useState('');
  const path = `${folder}/${name}`;
  const advice = useAdvice(path, name, sounds);
  return (
    <section className="sound-new panel" aria-label={t('prompts.add')}>
      <h2 className="panel-title">{t('prompts.add')}</h2>
      <Select
        value={folder}
        onChange={setFolder}
        options={FOLDERS.map((value) => ({ value, label: soundKindOf(`${value}/x`, t) }))}
        aria-label={t('prompts.kind')}
        popupMatchSelectWidth={false}
        data-testid="sound-folder"
      />
      <Input
        className="sound-new-name"
        value={name}
        maxLength={130}
        status={advice === 'badName' ? 'error' : ''}
        onChange={({ target }) => setName(target.value.trim())}
        placeholder={t('prompts.name')}
        aria-label={t('prompts.name')}
        aria-describedby="sound-advice"
        data-testid="sound-name"
      />
      <RecordButtons
        path={path}
        disabled={name === '' || advice === 'badName'}
        sounds={sounds}
        onSaved={() => setName('')}
      />
      <span id="sound-advice" className="sound-about" role="status">
        {t(`prompts.${advice ?? 'formats'}`)}
      </span>
    </section>
  );
};
