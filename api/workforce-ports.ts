/** What the api needs of agents' schedules and reports; `main` passes the real ones in. */
import type { AgentReportView } from './contract/agent-report';
import type { ScheduleBody } from './contract/schedules';
import type { SettingsEditor } from './ports';
import type { AgentId } from '../base/ids';
import type { Result } from '../base/result';

export interface AgentReportQuestion {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  /** All of them when it is absent. */
  readonly agentId?: AgentId | undefined;
}

export interface WorkforcePorts {
  readonly schedules: SettingsEditor<ScheduleBody>;
  /** Errors: `bad_input` when it would have more rows than anybody reads. */
  readonly reports: { of(question: AgentReportQuestion): Promise<Result<AgentReportView>> };
}
