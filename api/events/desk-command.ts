/** A browser's command as calls understands it. */
import type { AgentId, CallId, QueueId } from '../../base/ids';
import { asId } from '../../base/ids';
import type { DeskCommand } from '../../calls/ports';
import type { TransferTarget } from '../../calls/third-party';
import type { TransferTargetBody } from '../contract/common';
import type { Command } from '../contract/socket';

/** `ping` is answered by the socket itself, and conferences have no desk. */
export const deskCommand = (command: Exclude<Command, { command: 'ping' | 'conference' }>): DeskCommand => {
  switch (command.command) {
    case 'ready':
      return { command: 'ready' };
    case 'not-ready':
      return { command: 'not-ready', reason: command.reason };
    case 'sign-out':
      return { command: 'sign-out' };
    case 'station':
      return { command: 'station', station: command.station };
    case 'extend-wrap-up':
      return { command: 'extend-wrap-up', callId: asId<CallId>(command.callId) };
    case 'dial':
      return { command: 'dial', number: command.number, detect: command.detect };
    case 'hold':
    case 'resume':
    case 'mute':
    case 'unmute':
    case 'hang-up':
    case 'toggle-consult':
    case 'complete-transfer':
    case 'cancel-consult':
    case 'merge-consult':
    case 'leave-call':
      return { command: command.command, callId: asId<CallId>(command.callId) };
    case 'transfer':
    case 'consult': {
      const callId = asId<CallId>(command.callId);
      return { command: command.command, callId, target: transferTarget(command.target) };
    }
    case 'recording':
      return { command: 'recording', callId: asId<CallId>(command.callId), action: command.action };
    case 'drop-party':
      return { command: 'drop-party', callId: asId<CallId>(command.callId), partyId: command.partyId };
    case 'announce':
      return { command: 'announce', callId: asId<CallId>(command.callId), digits: command.digits };
    case 'send-digits':
      return { command: 'send-digits', callId: asId<CallId>(command.callId), digits: command.digits };
    case 'report-quality': {
      const { callId, counters } = command;
      return { command: 'report-quality', callId: asId<CallId>(callId), counters };
    }
    case 'wrap-up-done': {
      const { callId, note, disposition } = command;
      return { command: 'wrap-up-done', callId: asId<CallId>(callId), note, disposition };
    }
  }
};

const transferTarget = (target: TransferTargetBody): TransferTarget => {
  switch (target.kind) {
    case 'agent':
      return { kind: 'agent', agentId: asId<AgentId>(target.agentId) };
    case 'queue':
      return { kind: 'queue', queueId: asId<QueueId>(target.queueId) };
    case 'number':
      return target;
  }
};
