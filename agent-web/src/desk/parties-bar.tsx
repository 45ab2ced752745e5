/** Who is in a call of more than two, with the ways to let a party go and to leave. */
import { Button, Tooltip } from 'antd';
import { CloseOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { PartyView } from '../../../api/contract/common';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { isConference } from './current-call';
import type { CurrentCall } from './current-call';
import { useCallActions } from './use-call-actions';
import './call-strip.css';
import './parties-bar.css';

const Party = ({ call, party }: { readonly call: CurrentCall; readonly party: PartyView }) => {
  const { t } = useTranslation();
  const actions = useCallActions();
  const { partyId, kind, number, name, nameZh, mayDrop } = party;
  const shown = localName(name, nameZh) ?? (kind === 'customer' ? t('parties.customer') : undefined);
  const spoken = shown ?? formatNumber(number);
  return (
    <li className="party" data-testid="party" data-kind={kind}>
      {shown && <strong>{shown}</strong>}
      <span className="figures">{formatNumber(number)}</span>
      {mayDrop && (
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={t('parties.drop', { name: spoken })}
          title={t('parties.drop', { name: spoken })}
          onClick={() => actions.dropParty(call, partyId)}
          data-testid="party-drop"
        />
      )}
    </li>
  );
};

export const PartiesBar = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const actions = useCallActions();
  if (call.phase === 'wrap-up' || !isConference(call)) return null;
  return (
    <div className="call-strip parties-bar tone-busy" data-testid="parties-bar">
      <span className="parties-title" role="status">
        <span className="dot" />
        {t('parties.title')}
      </span>
      <ul className="parties">
        {call.view?.parties?.map((party) => (
          <Party key={party.partyId} call={call} party={party} />
        ))}
      </ul>
      <Tooltip title={t('parties.leaveHint')}>
        <Button onClick={() => actions.leaveCall(call)} data-testid="parties-leave">
          {t('parties.leave')}
        </Button>
      </Tooltip>
    </div>
  );
};
