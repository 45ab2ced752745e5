/** Prompts and music, for supervisors and administrators: listen, record, upload, take an earlier version back. */
import { SearchOutlined } from '@ant-design/icons';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../desk/desk-context';
import { faultText } from '../i18n/fault-text';
import { MusicStreams } from './music-streams';
import { NewSound } from './new-sound';
import { soundKindOf } from './sound-names';
import { SoundRow } from './sound-row';
import { useSounds } from './use-sounds';
import '../lists/list-table.css';
import './prompts.css';

const HEADINGS = ['sound', 'listen', 'length', 'versions', 'flows', 'change'] as const;

export const PromptsPage = () => {
  const { t } = useTranslation();
  const sounds = useSounds();
  const isAdministrator = useDesk().session.user.roles.includes('administrator');
  const [wanted, setWanted] = useState('');
  const [playing, setPlaying] = useState<string>();
  const { items, error } = sounds;
  const word = wanted.trim().toLowerCase();
  const found = items?.filter(({ path }) => `${path} ${soundKindOf(path, t)}`.toLowerCase().includes(word));
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('prompts.title')}</h1>
        <p>{t('prompts.hint')}</p>
      </header>
      <NewSound sounds={sounds} />
      {isAdministrator && <MusicStreams />}
      {error && (
        <Alert
          type="error"
          showIcon
          title={t('prompts.notRead', { message: faultText(error, t) })}
          action={
            <Button size="small" onClick={sounds.reload}>
              {t('history.retry')}
            </Button>
          }
        />
      )}
      <section className="sounds panel" aria-label={t('prompts.title')}>
        <header className="history-head">
          <Input
            className="sounds-search"
            prefix={<SearchOutlined />}
            allowClear
            placeholder={t('prompts.search')}
            aria-label={t('prompts.search')}
            value={wanted}
            onChange={({ target }) => setWanted(target.value)}
            data-testid="sounds-search"
          />
        </header>
        <div className="sounds-scroll">
          <table className="list-table sounds-table">
            <thead>
              <tr>
                {HEADINGS.map((heading) => (
                  <th key={heading} scope="col">
                    {t(`prompts.${heading}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found?.map((sound) => (
                <SoundRow
                  key={sound.path}
                  sound={sound}
                  sounds={sounds}
                  playing={sound.path === playing}
                  onPlay={setPlaying}
                />
              ))}
            </tbody>
          </table>
          {!error && !found?.length && (
            <p className="history-empty">{t(items ? 'prompts.noneFound' : 'app.loading')}</p>
          )}
        </div>
      </section>
    </div>
  );
};
