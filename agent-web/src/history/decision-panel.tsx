/** For supervisors: why the call went to this agent, and why not to the others. Asked for when somebody wants to know. */
import { QuestionCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CandidateView, DecisionView } from '../../../api/contract/decisions';
import { readDecisions } from '../api/resources';
import { useAgentNames } from '../desk/use-agent-names';
import { currentLanguage } from '../i18n';
import { en } from '../i18n/en';
import { faultText } from '../i18n/fault-text';
import { formatClock } from '../i18n/format';
import { hasKey } from '../i18n/has-key';
import { LeadersPanel } from '../layout/leaders-panel';
import { verdictText } from './verdict-text';

/** The rest is counted only. */
const MOST_SHOWN = 12;

type NameOf = (agentId: string) => string;

/** A score counts in milliseconds of waiting; a second of them is a point. */
const pointsOf = (score: number): number => Math.round(score / 1000);

/** What the points are made of, such as `waiting 12 + priority 60`. */
const useTerms = (terms: CandidateView['terms']): string => {
  const { t } = useTranslation();
  return terms
    .filter(({ points }) => points !== 0)
    .map(({ score, points }) => {
      const name = hasKey(en.decisions.score, score) ? t(`decisions.score.${score}`) : score;
      return `${name} ${pointsOf(points)}`;
    })
    .join(' + ');
};

const CandidateRow = ({ candidate, nameOf }: { readonly candidate: CandidateView; readonly nameOf: NameOf }) => {
  const { t } = useTranslation();
  const { agentId, verdict, score, terms } = candidate;
  const chosen = verdict.kind === 'chosen';
  const title = useTerms(terms);
  return (
    <li className={chosen ? 'decision-chosen' : ''} data-testid="decision-candidate" data-verdict={verdict.kind}>
      <span className="decision-name">{nameOf(agentId)}</span>
      <span>{verdictText(verdict, { t, nameOf })}</span>
      <span className="figures" title={title}>
        {t('decisions.points', { count: pointsOf(score) })}
      </span>
    </li>
  );
};

const Decision = ({ decision, nameOf }: { readonly decision: DecisionView; readonly nameOf: NameOf }) => {
  const { t } = useTranslation();
  const { atMs, explanation, proved } = decision;
  const agents = explanation?.agents;
  return (
    <div className="decision" data-testid="decision" data-proved={proved}>
      <p className="decision-head">
        <span className="figures">{formatClock(atMs, currentLanguage())}</span>
        <strong>{nameOf(decision.agentId)}</strong>
        <span title={decision.hash}>{t(proved ? 'decisions.proved' : 'decisions.notProved')}</span>
      </p>
      {agents && (
        <ol>
          {agents.items.slice(0, MOST_SHOWN).map((candidate) => (
            <CandidateRow key={candidate.agentId} candidate={candidate} nameOf={nameOf} />
          ))}
        </ol>
      )}
      {agents && agents.total > MOST_SHOWN && <p>{t('decisions.more', { count: agents.total - MOST_SHOWN })}</p>}
      {explanation && explanation.contacts.total > 0 && (
        <p>{t('decisions.others', { count: explanation.contacts.total })}</p>
      )}
    </div>
  );
};

const Decisions = ({ contactId }: { readonly contactId: string }) => {
  const { t } = useTranslation();
  const nameOf = useAgentNames();
  const { data, error } = useQuery({
    queryKey: ['decisions', contactId],
    queryFn: () => readDecisions(contactId),
  });
  if (error) return <Alert type="error" showIcon title={faultText(error, t)} />;
  if (!data) return <p>{t('app.loading')}</p>;
  if (data.length === 0) return <p>{t('decisions.none')}</p>;
  return data.map((decision) => <Decision key={decision.decision} decision={decision} nameOf={nameOf} />);
};

export const DecisionPanel = ({ contactId }: { readonly contactId: string }) => {
  const { t } = useTranslation();
  return (
    <LeadersPanel title={t('decisions.title')} icon={<QuestionCircleOutlined />} testId="decisions-open">
      <Decisions contactId={contactId} />
    </LeadersPanel>
  );
};
