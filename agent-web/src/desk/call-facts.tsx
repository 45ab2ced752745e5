/** Who calls, and what is known of it. */
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import type { CurrentCall } from './current-call';

interface Fact {
  readonly label: string;
  readonly value: string | undefined;
}

const useFacts = ({ view, phase }: CurrentCall): Fact[] => {
  const { t } = useTranslation();
  if (!view) return [];
  const language = view.language?.split('-')[0];
  const languageName = language === 'en' || language === 'zh' ? t(`languageName.${language}`) : view.language;
  // Which of the center's numbers was dialled tells the agent how to answer; later it only takes room.
  const greeting = phase === 'ringing' && view.direction === 'inbound';
  return [
    { label: t('call.queue'), value: localName(view.queueName, view.queueNameZh) },
    { label: t('call.waited'), value: view.waitedMs === undefined ? undefined : formatDuration(view.waitedMs) },
    { label: t('call.language'), value: languageName },
    { label: t('call.keys'), value: view.digits.join(' ') },
    { label: t('call.dialled'), value: greeting ? formatNumber(view.dialledNumber) : undefined },
  ].filter((fact) => fact.value !== undefined && fact.value !== '');
};

export const CallFacts = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const facts = useFacts(call);
  return (
    <div className="call-identity">
      <p className="call-number figures" data-testid="caller-number" data-number={call.number}>
        {call.number ? formatNumber(call.number) : t('call.unknownNumber')}
      </p>
      <p className="call-name" title={call.displayName}>
        {call.displayName ?? '\u00a0'}
      </p>
      <dl className="call-facts">
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
};
