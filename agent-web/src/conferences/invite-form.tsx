/** Calls somebody into the conference. */
import { PhoneOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CONFERENCE_ROLES } from '../../../api/contract/conferences';
import type { ConferenceRoleName } from '../../../api/contract/conferences';
import type { Directing } from './use-direct';

const MAX_DIGITS = 32;

export const InviteForm = ({ directing }: { readonly directing: Directing }) => {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [role, setRole] = useState<ConferenceRoleName>('participant');
  const typed = number.replace(/[\s()/.-]/g, '');
  const invite = async (): Promise<void> => {
    if (await directing.invite({ number: typed, role })) setNumber('');
  };
  return (
    <form
      className="conference-invite"
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <Input
        value={number}
        maxLength={MAX_DIGITS}
        placeholder={t('conferences.inviteNumber')}
        aria-label={t('conferences.inviteNumber')}
        onChange={(event) => setNumber(event.target.value)}
        data-testid="conference-invite-number"
      />
      <Select
        value={role}
        aria-label={t('conferences.inviteAs')}
        onChange={setRole}
        options={CONFERENCE_ROLES.map((value) => ({ value, label: t(`conferences.roles.${value}`) }))}
      />
      <Button htmlType="submit" icon={<PhoneOutlined />} disabled={typed === ''} data-testid="conference-invite">
        {t('conferences.invite')}
      </Button>
    </form>
  );
};
