/** A number to call; during a call the same keys are sent to the other party. */
import { PhoneFilled } from '@ant-design/icons';
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import type { ClipboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { cleanNumber } from '../i18n/phone-number';
import { useCurrentCall } from './desk-context';
import { DialPad } from './dial-pad';
import { DirectoryList } from './directory-list';
import { useCallActions } from './use-call-actions';
import { useDial } from './use-dial';
import './dial-panel.css';

const LONGEST_NUMBER = 48;

/** The keys sent in one call, shown until the next one; only the last of many. */
const SHOWN_KEYS = 24;

const KeysDuringCall = () => {
  const { t } = useTranslation();
  const call = useCurrentCall();
  const actions = useCallActions();
  const [sent, setSent] = useState('');
  const press = (key: string): void => {
    if (!call) return;
    actions.sendKeys(call, key);
    setSent((keys) => (keys + key).slice(-SHOWN_KEYS));
  };
  return (
    <>
      <output className="dial-sent figures" aria-label={t('dial.sent')} data-testid="keys-sent">
        {sent || <span className="dial-empty">{t('dial.sentNone')}</span>}
      </output>
      <DialPad onKey={press} />
    </>
  );
};

const NumberToCall = () => {
  const { t } = useTranslation();
  const { dialling, dial } = useDial();
  const [text, setText] = useState('');
  const [bad, setBad] = useState(false);

  const change = (next: string): void => {
    setText(next);
    setBad(false);
  };
  const call = async (): Promise<void> => {
    const number = cleanNumber(text);
    if (number === undefined) setBad(true);
    else if (await dial(number)) change('');
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const number = cleanNumber(event.clipboardData.getData('text'));
    // What cannot be cleaned is pasted as it is, for the agent to correct.
    if (number === undefined) return;
    event.preventDefault();
    change(number);
  };
  return (
    <form
      className="dial-form"
      onSubmit={(event) => {
        event.preventDefault();
        void call();
      }}
    >
      <div className="dial-row">
        <Input
          value={text}
          maxLength={LONGEST_NUMBER}
          inputMode="tel"
          autoComplete="off"
          placeholder={t('dial.placeholder')}
          aria-label={t('dial.placeholder')}
          status={bad ? 'error' : ''}
          allowClear
          onChange={(event) => change(event.target.value)}
          onPaste={paste}
          data-testid="dial-number"
        />
        <Button
          type="primary"
          htmlType="submit"
          icon={<PhoneFilled />}
          disabled={text.trim() === ''}
          loading={dialling}
          aria-label={t('dial.call')}
          title={t('dial.call')}
          data-testid="dial-call"
        />
      </div>
      <p className="dial-bad" role="alert">
        {bad ? t('dial.bad') : ''}
      </p>
      <DialPad onKey={(key) => change(text + key)} />
    </form>
  );
};

type Way = 'number' | 'directory';

/** By its number, or by a name in the directory. */
const WhomToCall = () => {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>('number');
  return (
    <>
      <Segmented<Way>
        block
        className="dial-way"
        value={way}
        onChange={setWay}
        aria-label={t('dial.title')}
        options={[
          { value: 'number', label: t('dial.keypad') },
          { value: 'directory', label: <span data-testid="dial-directory">{t('directory.title')}</span> },
        ]}
      />
      {way === 'number' ? <NumberToCall /> : <DirectoryList />}
    </>
  );
};

export const DialPanel = () => {
  const { t } = useTranslation();
  const call = useCurrentCall();
  const talking = call !== undefined && call.phase !== 'wrap-up' && call.phase !== 'ringing';
  return (
    <section className="dial panel" aria-label={talking ? t('dial.keypad') : t('dial.title')}>
      {talking && <h2 className="panel-title">{t('dial.keypad')}</h2>}
      {talking ? <KeysDuringCall key={call.callId} /> : <WhomToCall />}
    </section>
  );
};
