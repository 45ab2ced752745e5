import { Button } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useLeads } from '../desk/desk-context';
import './leaders-panel.css';

interface LeadersPanelProps {
  readonly title: string;
  readonly icon: ReactNode;
  readonly testId: string;
  /** Mounted while the panel is open only: what is in it is asked for when somebody wants to see it. */
  readonly children: ReactNode;
}

/** For supervisors and administrators: a button that opens a panel below itself. */
export const LeadersPanel = ({ title, icon, testId, children }: LeadersPanelProps) => {
  const [open, setOpen] = useState(false);
  const leads = useLeads();
  if (!leads) return null;
  return (
    <div className="leaders-panel">
      <Button size="small" icon={icon} aria-expanded={open} onClick={() => setOpen(!open)} data-testid={testId}>
        {title}
      </Button>
      {open && children}
    </div>
  );
};
