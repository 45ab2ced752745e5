/** The ladder on a grid: each party has two half columns, and arrows go from the middle of one to the middle of another. */
import { useState } from 'react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { Arrow, Ladder } from './ladder';
import './ladder.css';

/** Grid lines are counted from 1, and the first column is the clock's. */
const middleOf = (column: number): number => 2 * column + 3;

const seconds = (ms: number): string => `+${(ms / 1000).toFixed(3)}`;

interface RowProps {
  readonly arrow: Arrow;
  readonly open: boolean;
  readonly onToggle: () => void;
}

const Row = ({ arrow, open, onToggle }: RowProps) => {
  const { from, to, label, hasSdp, tone, offsetMs, text } = arrow;
  const rightward = from < to;
  const [left, right] = rightward ? [from, to] : [to, from];
  return (
    <li>
      <button
        type="button"
        className="ladder-row"
        aria-expanded={open}
        onClick={onToggle}
        data-testid="ladder-arrow"
        data-direction={rightward ? 'right' : 'left'}
      >
        <span className="ladder-time figures">{seconds(offsetMs)}</span>
        <span
          className={`ladder-arrow ladder-${tone} ladder-to-${rightward ? 'right' : 'left'}`}
          style={{ gridColumn: `${middleOf(left)} / ${middleOf(right)}` }}
        >
          <span className="ladder-label">
            <span className="ladder-words">{label}</span>
            {hasSdp && <span className="ladder-sdp">SDP</span>}
          </span>
        </span>
      </button>
      {open && (
        <pre className="ladder-text" data-testid="ladder-text">
          {text.trimEnd()}
        </pre>
      )}
    </li>
  );
};

export const LadderView = ({ ladder: { participants, arrows } }: { readonly ladder: Ladder }) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState<number>();
  const style = { '--parties': participants.length } as CSSProperties;
  return (
    <div className="ladder" style={style} data-testid="ladder">
      <div className="ladder-parties">
        {participants.map(({ peer, protocol }, column) => (
          <span
            key={peer ?? 'us'}
            className={peer === undefined ? 'ladder-party ladder-us' : 'ladder-party'}
            style={{ gridColumn: `${middleOf(column) - 1} / span 2` }}
            data-testid="ladder-party"
          >
            <span className="figures">{peer ?? t('app.name')}</span>
            {protocol && <span className="ladder-protocol">{protocol.toUpperCase()}</span>}
          </span>
        ))}
      </div>
      <div className="ladder-body">
        <div className="ladder-lines" aria-hidden="true">
          {participants.map(({ peer }, column) => (
            <span key={peer ?? 'us'} style={{ gridColumn: `${middleOf(column)} / span 1` }} />
          ))}
        </div>
        <ol className="ladder-rows" aria-label={t('signalling.title')}>
          {arrows.map((arrow, at) => (
            <Row
              // The list of a reading never changes; a message has no name of its own.
              key={at}
              arrow={arrow}
              open={open === at}
              onToggle={() => setOpen(open === at ? undefined : at)}
            />
          ))}
        </ol>
      </div>
    </div>
  );
};
