/**
 * A flow that was made for one call, such as for what a rule of its queue says: it stands nowhere but in the call, whose
 * record has it whole.
 */
import type { FlowDocument } from '../flows/document';

export interface MadeFlow extends FlowDocument {
  readonly isMade: true;
}

export const madeFlow = (flow: FlowDocument): MadeFlow => ({ ...flow, isMade: true });

export const isMadeFlow = (flow: FlowDocument | undefined): flow is MadeFlow => flow !== undefined && 'isMade' in flow;
