/** Colleagues and desk phones: who is free, and a click calls them. */
import { PhoneOutlined, SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExtensionView } from '../../../api/contract/extensions';
import { readExtensions } from '../api/resources';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { useDeskState } from './desk-context';
import { EXTENSION_TONES } from './tones';
import { useDial } from './use-dial';
import './directory-list.css';

/** How old a state may be that is shown. */
const REFRESH_MS = 2_000;

/** Nobody answers there: calling would only fail. */
const UNREACHABLE: ReadonlySet<ExtensionView['state']> = new Set(['offline', 'busy', 'talking', 'ringing']);

const fits = ({ extension, displayName, displayNameZh = '' }: ExtensionView, wanted: string): boolean =>
  [extension, displayName, displayNameZh].some((text) => text.toLowerCase().includes(wanted));

const DirectoryRow = ({ entry }: { readonly entry: ExtensionView }) => {
  const { t } = useTranslation();
  const { dialling, dial } = useDial();
  const { extension, kind, state } = entry;
  const name = localName(entry.displayName, entry.displayNameZh);
  const call = t('directory.call', { name, extension });
  return (
    <li className="directory-row" data-testid={`directory-${extension}`} data-state={state}>
      <span className={`dot ${EXTENSION_TONES[state]}`} />
      <span className="directory-who">
        <span className="directory-name" title={name}>
          {name}
        </span>
        <span className="directory-about">
          <span className="figures">{extension}</span>
          {kind === 'phone' && ` · ${t('directory.phone')}`}
          {` · ${t(`directory.state.${state}`)}`}
        </span>
      </span>
      <Button
        type="text"
        icon={<PhoneOutlined />}
        disabled={UNREACHABLE.has(state)}
        loading={dialling}
        aria-label={call}
        title={call}
        onClick={() => void dial(extension)}
        data-testid={`directory-call-${extension}`}
      />
    </li>
  );
};

export const DirectoryList = () => {
  const { t } = useTranslation();
  const { agent } = useDeskState();
  const [text, setText] = useState('');
  const { data, error } = useQuery({
    queryKey: ['extensions'],
    queryFn: readExtensions,
    refetchInterval: REFRESH_MS,
  });
  const wanted = text.trim().toLowerCase();
  const shown = data?.filter((entry) => entry.extension !== agent?.extension && fits(entry, wanted));
  return (
    <div className="directory">
      <Input
        value={text}
        allowClear
        prefix={<SearchOutlined />}
        placeholder={t('directory.search')}
        aria-label={t('directory.search')}
        onChange={(event) => setText(event.target.value)}
        data-testid="directory-search"
      />
      {error && (
        <p className="directory-note" role="alert">
          {t('directory.failed', { message: faultText(error, t) })}
        </p>
      )}
      {!error && shown?.length === 0 && <p className="directory-note">{t('directory.empty')}</p>}
      <ul className="directory-rows" aria-label={t('directory.title')}>
        {shown?.map((entry) => (
          <DirectoryRow key={entry.extension} entry={entry} />
        ))}
      </ul>
    </div>
  );
};
