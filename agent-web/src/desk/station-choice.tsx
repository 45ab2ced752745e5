/** Where the agent hears from the next call on: shown to those who have a choice. */
import { useQuery } from '@tanstack/react-query';
import { Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import type { StationView } from '../../../api/contract/stations';
import { readExtensions } from '../api/resources';
import { readSetting, writeSetting } from '../api/settings';
import { currentLanguage } from '../i18n';
import { formatNumber } from '../i18n/phone-number';
import { useDeskState } from './desk-context';
import { useCommand } from './use-call-actions';
import { BROWSER, useStation } from './use-station';

const NUMBER_SETTING = 'station-number';
const PHONE = 'phone:';
/** In which the agent is asked to take a call. */
const SPOKEN = { en: 'en', zh: 'zh-CN' } as const;

const keyOf = (station: StationView): string =>
  station.kind === 'phone' ? `${PHONE}${station.extension}` : station.kind;

/** The phones of the center, the one that is chosen among them even if it has been removed. */
const usePhones = (enabled: boolean, station: StationView): string[] => {
  const { data = [] } = useQuery({ queryKey: ['extensions'], queryFn: readExtensions, enabled });
  const phones = data.filter(({ kind }) => kind === 'phone').map(({ extension }) => extension);
  return station.kind === 'phone' && !phones.includes(station.extension) ? [station.extension, ...phones] : phones;
};

export const StationChoice = () => {
  const { agent } = useDeskState();
  return agent?.stations && agent.stations.length > 1 ? <Choice agent={agent} /> : null;
};

const Choice = ({ agent }: { readonly agent: AgentView }) => {
  const { t } = useTranslation();
  const command = useCommand();
  const station = useStation();
  const allowed = agent.stations ?? [];
  const phones = usePhones(allowed.includes('phone'), station);
  const [asking, setAsking] = useState(false);
  const choose = (chosen: StationView): Promise<boolean> => command({ command: 'station', station: chosen });
  const pick = (key: string): void => {
    if (key === 'number') setAsking(true);
    else void choose(key.startsWith(PHONE) ? { kind: 'phone', extension: key.slice(PHONE.length) } : BROWSER);
  };
  const options = [
    { value: 'browser', label: t('station.browser') },
    ...phones.map((extension) => ({ value: `${PHONE}${extension}`, label: t('station.phone', { extension }) })),
    ...(allowed.includes('number') ? [{ value: 'number', label: numberLabel(station, t('station.number')) }] : []),
  ];
  return (
    <>
      <Select
        className="station-choice"
        value={keyOf(station)}
        options={options}
        // The number may be chosen again, to be changed.
        onSelect={pick}
        popupMatchSelectWidth={false}
        {...(!agent.deviceRegistered && { status: 'warning' as const })}
        title={agent.deviceRegistered ? t('station.label') : t('station.away')}
        aria-label={t('station.label')}
        data-testid="station"
      />
      {asking && <NumberDialog station={station} choose={choose} onClose={() => setAsking(false)} />}
    </>
  );
};

const numberLabel = (station: StationView, other: string): string =>
  station.kind === 'number' ? formatNumber(station.number) : other;

interface NumberDialogProps {
  readonly station: StationView;
  readonly choose: (station: StationView) => Promise<boolean>;
  readonly onClose: () => void;
}

const NumberDialog = ({ station, choose, onClose }: NumberDialogProps) => {
  const { t } = useTranslation();
  const [number, setNumber] = useState(
    station.kind === 'number' ? station.number : (readSetting(NUMBER_SETTING) ?? ''),
  );
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    if (busy || number.trim() === '') return;
    setBusy(true);
    const done = await choose({ kind: 'number', number: number.trim(), language: SPOKEN[currentLanguage()] });
    setBusy(false);
    if (!done) return;
    writeSetting(NUMBER_SETTING, number.trim());
    onClose();
  };
  return (
    <Modal
      open
      title={t('station.ask')}
      okText={t('station.take')}
      confirmLoading={busy}
      okButtonProps={{ disabled: number.trim() === '', 'data-testid': 'station-take' }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <p>{t('station.hint')}</p>
      <Input
        type="tel"
        autoFocus
        maxLength={64}
        value={number}
        aria-label={t('station.ask')}
        onChange={(event) => setNumber(event.target.value)}
        onPressEnter={() => void save()}
        data-testid="station-number"
      />
    </Modal>
  );
};
