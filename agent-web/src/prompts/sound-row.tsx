/** One sound: heard, replaced, taken back to an earlier version, removed. */
import { CaretRightFilled, DeleteOutlined } from '@ant-design/icons';
import { Button, Popconfirm, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { SoundView } from '../../../api/contract/sounds';
import { soundFilePath } from '../api/resources';
import { currentLanguage } from '../i18n';
import { formatClock, formatDay, formatDuration } from '../i18n/format';
import { RecordButtons } from './record-buttons';
import { soundKindOf, soundNameOf } from './sound-names';
import type { Sounds } from './use-sounds';

interface SoundRowProps {
  readonly sound: SoundView;
  readonly sounds: Sounds;
  /** Whether this is the one that is listened to. */
  readonly playing: boolean;
  readonly onPlay: (path: string | undefined) => void;
}

const Listen = ({ sound: { path, current }, playing, onPlay }: Omit<SoundRowProps, 'sounds'>) => {
  const { t } = useTranslation();
  const label = t('prompts.listenTo', { name: soundNameOf(path) });
  if (playing)
    return (
      <audio
        controls
        autoPlay
        src={soundFilePath(path, current)}
        aria-label={label}
        onEnded={() => onPlay(undefined)}
        data-testid="sound-audio"
      />
    );
  return (
    <Button
      size="small"
      shape="circle"
      icon={<CaretRightFilled />}
      aria-label={label}
      title={label}
      onClick={() => onPlay(path)}
      data-testid="sound-play"
    />
  );
};

const Versions = ({ sound, sounds }: Pick<SoundRowProps, 'sound' | 'sounds'>) => {
  const { t } = useTranslation();
  const { path, current, versions } = sound;
  const language = currentLanguage();
  if (current === undefined) return <span className="sound-about">{t('prompts.builtIn')}</span>;
  const timeOf = (atMs: number): string => `${formatDay(atMs, language)} ${formatClock(atMs, language)}`;
  const shortOf = (version: number): string => {
    const { atMs } = versions.find(({ n }) => n === version) ?? {};
    return t('prompts.versionShort', { n: version, at: atMs === undefined ? '' : timeOf(atMs) });
  };
  return (
    <Select
      className="sound-versions"
      value={current}
      onChange={(version) => void sounds.takeBack(path, version)}
      options={versions.toReversed().map(({ n, by, atMs, source }) => ({
        value: n,
        label: t('prompts.version', {
          ...{ n, by, source: t(`prompts.source.${source}`) },
          at: timeOf(atMs),
        }),
      }))}
      aria-label={t('prompts.versions')}
      labelRender={() => shortOf(current)}
      popupMatchSelectWidth={false}
    />
  );
};

const Remove = ({ sound: { path, flows, builtIn }, sounds }: Pick<SoundRowProps, 'sound' | 'sounds'>) => {
  const { t } = useTranslation();
  const isNeeded = flows.length > 0 && !builtIn;
  const label = isNeeded ? t('prompts.neededBy', { flows: flows.join(', ') }) : t('prompts.remove');
  return (
    <Popconfirm
      title={t(builtIn ? 'prompts.removeSureBuiltIn' : 'prompts.removeSure')}
      okText={t('prompts.remove')}
      cancelText={t('prompts.removeNot')}
      disabled={isNeeded}
      onConfirm={() => void sounds.remove(path)}
    >
      <Button
        icon={<DeleteOutlined />}
        disabled={isNeeded}
        aria-label={label}
        title={label}
        data-testid="sound-remove"
      />
    </Popconfirm>
  );
};

export const SoundRow = ({ sound, sounds, playing, onPlay }: SoundRowProps) => {
  const { t } = useTranslation();
  const { path, current, versions, warnings, flows } = sound;
  const heard = versions.find(({ n }) => n === current);
  return (
    <tr data-testid="sound-row" data-path={path}>
      <td>
        <span className="sound-name">{soundNameOf(path)}</span>
        <span className="sound-about">{soundKindOf(path, t)}</span>
        {warnings.map((warning) => (
          <span key={warning} className="sound-warning">
            {t(`prompts.warning.${warning}`)}
          </span>
        ))}
      </td>
      <td className="sound-listen">
        <Listen sound={sound} playing={playing} onPlay={onPlay} />
      </td>
      <td className="figures">{heard ? formatDuration(heard.durationMs) : '–'}</td>
      <td>
        <Versions sound={sound} sounds={sounds} />
      </td>
      <td>{flows.join(', ') || '–'}</td>
      <td>
        <span className="sound-actions">
          <RecordButtons path={path} sounds={sounds} />
          {current !== undefined && <Remove sound={sound} sounds={sounds} />}
        </span>
      </td>
    </tr>
  );
};
