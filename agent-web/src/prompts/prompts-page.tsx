/** Prompts and music, for supervisors and administrators: listen, record, upload, take an earlier version back. */
import { DeleteOutlined } from '@ant-design/icons';
import { Alert, Button, Input, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { soundPathSchema } from '../../../api/contract/sounds';
import type { SoundView } from '../../../api/contract/sounds';
import { soundFilePath } from '../api/resources';
import { faultText } from '../i18n/fault-text';
import { formatDuration } from '../i18n/format';
import { RecordButtons } from './record-buttons';
import { useSounds } from './use-sounds';
import type { Sounds } from './use-sounds';
import './prompts.css';

const FOLDERS = ['prompts/en', 'prompts/zh-CN', 'music'] as const;

const NewSound = ({ sounds }: { readonly sounds: Sounds }) => {
  const { t } = useTranslation();
  const [folder, setFolder] = useState<(typeof FOLDERS)[number]>('prompts/en');
  const [name, setName] = useState('');
  const path = `${folder}/${name}`;
  return (
    <div className="sound-new">
      <Select
        value={folder}
        onChange={setFolder}
        options={FOLDERS.map((value) => ({ value, label: t(`prompts.folder.${value}`) }))}
        aria-label={t('prompts.kind')}
        data-testid="sound-folder"
      />
      <Input
        value={name}
        onChange={({ target }) => setName(target.value)}
        placeholder={t('prompts.name')}
        aria-label={t('prompts.name')}
        data-testid="sound-name"
      />
      <RecordButtons path={path} disabled={!soundPathSchema.safeParse(path).success} sounds={sounds} />
    </div>
  );
};

const SoundRow = ({ sound, sounds }: { readonly sound: SoundView; readonly sounds: Sounds }) => {
  const { t } = useTranslation();
  const { path, current, versions, warnings, flows } = sound;
  const heard = versions.find(({ n }) => n === current);
  return (
    <tr data-testid="sound-row" data-path={path}>
      <td className="sound-path">
        {path}
        {warnings.map((warning) => (
          <span key={warning} className="sound-warning">
            {t(`prompts.warning.${warning}`)}
          </span>
        ))}
      </td>
      <td>
        <audio controls preload="none" src={soundFilePath(path, current)} aria-label={path} />
      </td>
      <td className="figures">{heard ? formatDuration(heard.durationMs) : t('prompts.builtIn')}</td>
      <td>
        {current !== undefined && (
          <Select
            value={current}
            onChange={(version) => void sounds.takeBack(path, version)}
            options={versions.map(({ n, by }) => ({ value: n, label: t('prompts.version', { n, by }) }))}
            aria-label={t('prompts.versions')}
          />
        )}
      </td>
      <td>{flows.join(', ')}</td>
      <td>
        <span className="sound-actions">
          <RecordButtons path={path} sounds={sounds} />
          {current !== undefined && (
            <Popconfirm title={t('prompts.removeSure')} onConfirm={() => sounds.remove(path)}>
              <Button icon={<DeleteOutlined />} aria-label={t('prompts.remove')} data-testid="sound-remove" />
            </Popconfirm>
          )}
        </span>
      </td>
    </tr>
  );
};

export const PromptsPage = () => {
  const { t } = useTranslation();
  const sounds = useSounds();
  const { items, error } = sounds;
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('prompts.title')}</h1>
        <p>{t('prompts.hint')}</p>
      </header>
      {error && <Alert type="error" showIcon title={t('prompts.failed', { message: faultText(error, t) })} />}
      <NewSound sounds={sounds} />
      <section className="sounds panel" aria-label={t('prompts.title')}>
        <table className="sounds-table">
          <thead>
            <tr>
              <th scope="col">{t('prompts.sound')}</th>
              <th scope="col">{t('prompts.listen')}</th>
              <th scope="col">{t('prompts.length')}</th>
              <th scope="col">{t('prompts.versions')}</th>
              <th scope="col">{t('prompts.flows')}</th>
              <th scope="col">{t('prompts.change')}</th>
            </tr>
          </thead>
          <tbody>
            {items?.map((sound) => (
              <SoundRow key={sound.path} sound={sound} sounds={sounds} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
};
