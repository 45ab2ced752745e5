/** For administrators: music on hold that a server streams, by the name of the music. */
import { DeleteOutlined } from '@ant-design/icons';
import { Alert, Button, Input, InputNumber, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { settingId } from '../../../api/contract/routing';
import { musicStreamBodySchema } from '../../../api/contract/music-streams';
import type { MusicStreamView } from '../../../api/contract/music-streams';
import { faultText } from '../i18n/fault-text';
import { useMusicStreams } from './use-music-streams';
import type { MusicStreams as Streams } from './use-music-streams';

/** Radio is that much louder than prompts. */
const USUAL_GAIN_DB = -10;

const NewStream = ({ streams }: { readonly streams: Streams }) => {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [gainDb, setGainDb] = useState(USUAL_GAIN_DB);
  const stream = { url, gainDb };
  const usable = settingId.safeParse(name).success && musicStreamBodySchema.safeParse(stream).success;
  const save = async (): Promise<void> => {
    if (!(await streams.save(name, stream))) return;
    setName('');
    setUrl('');
  };
  return (
    <span className="sound-actions">
      <Input
        className="sound-new-name"
        value={name}
        maxLength={64}
        onChange={({ target }) => setName(target.value.trim())}
        placeholder={t('prompts.streams.name')}
        aria-label={t('prompts.streams.name')}
        data-testid="stream-name"
      />
      <Input
        value={url}
        maxLength={1000}
        onChange={({ target }) => setUrl(target.value.trim())}
        placeholder="https://radio.example/live.mp3"
        aria-label={t('prompts.streams.url')}
        data-testid="stream-url"
      />
      <InputNumber
        value={gainDb}
        min={-40}
        max={20}
        suffix="dB"
        onChange={(value) => setGainDb(value ?? 0)}
        aria-label={t('prompts.streams.gain')}
      />
      <Button type="primary" disabled={!usable} onClick={() => void save()} data-testid="stream-save">
        {t('prompts.keep')}
      </Button>
    </span>
  );
};

const StreamRow = ({ stream, streams }: { readonly stream: MusicStreamView; readonly streams: Streams }) => {
  const { t } = useTranslation();
  const { id, url, gainDb } = stream;
  return (
    <tr data-testid="stream-row" data-name={id}>
      <td className="sound-path">{id}</td>
      <td>{url}</td>
      <td className="figures">{gainDb} dB</td>
      <td>
        <Popconfirm
          title={t('prompts.streams.removeSure')}
          okText={t('prompts.remove')}
          cancelText={t('prompts.removeNot')}
          onConfirm={() => streams.remove(id)}
        >
          <Button icon={<DeleteOutlined />} aria-label={`${t('prompts.remove')} ${id}`} data-testid="stream-remove" />
        </Popconfirm>
      </td>
    </tr>
  );
};

export const MusicStreams = () => {
  const { t } = useTranslation();
  const streams = useMusicStreams();
  const { items, error } = streams;
  return (
    <section className="sounds panel" aria-label={t('prompts.streams.title')} data-testid="music-streams">
      <h2 className="panel-title">{t('prompts.streams.title')}</h2>
      <p className="sound-about">{t('prompts.streams.hint')}</p>
      {error && <Alert type="error" showIcon title={t('prompts.notRead', { message: faultText(error, t) })} />}
      <NewStream streams={streams} />
      {items !== undefined && items.length > 0 && (
        <table className="list-table sounds-table">
          <thead>
            <tr>
              <th scope="col">{t('prompts.streams.name')}</th>
              <th scope="col">{t('prompts.streams.url')}</th>
              <th scope="col">{t('prompts.streams.gain')}</th>
              <th scope="col">{t('prompts.remove')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((stream) => (
              <StreamRow key={stream.id} stream={stream} streams={streams} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};
