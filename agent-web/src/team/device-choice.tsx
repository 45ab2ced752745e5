/** What a supervisor listens by: this browser, where the user has a seat, or a desk phone, which rings. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SupervisorDevice } from '../../../api/contract/supervision';
import { readExtensions } from '../api/resources';
import { readSetting, writeSetting } from '../api/settings';
import { useDesk } from '../desk/desk-context';

const SETTING = 'supervision-device';
const BROWSER = 'browser';

const deviceOf = (chosen: string | undefined): SupervisorDevice | undefined => {
  if (chosen === undefined || chosen === '') return undefined;
  return chosen === BROWSER ? { kind: 'browser' } : { kind: 'phone', extension: chosen };
};

export const useDevice = (): [SupervisorDevice | undefined, (chosen: string) => void] => {
  const { phone } = useDesk();
  const [chosen, setChosen] = useState(() => readSetting(SETTING) ?? (phone ? BROWSER : undefined));
  const choose = (name: string): void => {
    writeSetting(SETTING, name);
    setChosen(name);
  };
  const device = deviceOf(chosen);
  return [device?.kind === 'browser' && !phone ? undefined : device, choose];
};

interface DeviceChoiceProps {
  readonly device: SupervisorDevice | undefined;
  readonly onChoose: (chosen: string) => void;
}

export const DeviceChoice = ({ device, onChoose }: DeviceChoiceProps) => {
  const { t } = useTranslation();
  const { phone } = useDesk();
  const { data = [] } = useQuery({ queryKey: ['extensions'], queryFn: readExtensions });
  const phones = data.filter(({ kind }) => kind === 'phone').map(({ extension }) => extension);
  const options = [
    ...(phone ? [{ value: BROWSER, label: t('team.browser') }] : []),
    ...phones.map((extension) => ({ value: extension, label: t('team.phone', { extension }) })),
  ];
  return (
    <label className="device-choice">
      {t('team.by')}
      <Select
        size="small"
        value={device?.kind === 'phone' ? device.extension : device?.kind}
        placeholder={t('team.noTelephone')}
        options={options}
        onChange={onChoose}
        data-testid="device-choice"
      />
    </label>
  );
};
