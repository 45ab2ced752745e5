/** What the supervisor is doing, who hears him, and the ways on and out; on every page, as long as it lasts. */
import { App, Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { SupervisionMode, SupervisionView } from '../../../api/contract/supervision';
import { useDeskState } from '../desk/desk-context';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { useSupervisionActions } from './use-supervision';
import './supervision.css';

const TONES: Record<SupervisionMode, string> = { monitor: 'tone-idle', whisper: 'tone-ringing', barge: 'tone-busy' };
const MODES: readonly SupervisionMode[] = ['monitor', 'whisper', 'barge'];

const agentNameOf = ({ agentName, agentNameZh }: SupervisionView): string => localName(agentName, agentNameZh) ?? '–';

const Situation = ({ supervision }: { readonly supervision: SupervisionView }) => {
  const { t } = useTranslation();
  const { state, mode, number } = supervision;
  const name = agentNameOf(supervision);
  if (state === 'waiting') return <span>{t('supervision.waiting', { name })}</span>;
  return (
    <>
      <strong>{t('supervision.with', { name })}</strong>
      <span className="figures">{number === undefined ? '' : formatNumber(number)}</span>
      <span className="supervision-heard" data-testid="supervision-heard">
        {state === 'ringing' ? t('supervision.ringing') : t(`supervision.heard.${mode}`, { name })}
      </span>
    </>
  );
};

const TakeOver = ({ supervision }: { readonly supervision: SupervisionView }) => {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const actions = useSupervisionActions();
  const ask = (): void =>
    void modal.confirm({
      title: t('supervision.takeOverTitle'),
      content: t('supervision.takeOverText', { name: agentNameOf(supervision) }),
      okText: t('supervision.takeOver'),
      cancelText: t('supervision.cancel'),
      okButtonProps: { id: 'take-over-confirm' },
      onOk: () => actions.takeOver(supervision),
    });
  return (
    <Button disabled={supervision.state !== 'active'} onClick={ask} data-testid="supervision-take-over">
      {t('supervision.takeOver')}
    </Button>
  );
};

export const SupervisionBar = () => {
  const { t } = useTranslation();
  const { supervision } = useDeskState();
  const actions = useSupervisionActions();
  if (!supervision) return null;
  const { mode, state } = supervision;
  return (
    <section
      className={`supervision-bar ${TONES[mode]}`}
      aria-label={t('supervision.region')}
      data-testid="supervision-bar"
      data-state={state}
      data-mode={mode}
    >
      <div className="supervision-situation" role="status">
        <span className="dot" />
        <Situation supervision={supervision} />
      </div>
      <Segmented<SupervisionMode>
        value={mode}
        onChange={(chosen) => actions.changeMode(supervision, chosen)}
        options={MODES.map((value) => ({
          value,
          label: <span data-testid={`supervision-mode-${value}`}>{t(`supervision.mode.${value}`)}</span>,
        }))}
      />
      <TakeOver supervision={supervision} />
      <Button type="primary" danger onClick={() => actions.leave(supervision)} data-testid="supervision-leave">
        {t('supervision.leave')}
      </Button>
    </section>
  );
};
