/** The SIP messages of an interaction's calls, for those who look after the lines. */
import { z } from 'zod';
import type { Response } from 'express';
import { traceQuerySchema, traceSchema } from '../contract/trace';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Reply, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { InteractionReader, TraceReader } from '../ports';
import { ladderText } from '../traces/ladder-text';
import { pcapOf } from '../traces/pcap';
import { LEADERS } from './roles';

export interface TraceRoutesOptions extends AuditTrail {
  readonly interactions: InteractionReader;
  readonly traces: TraceReader;
}

const params = z.strictObject({ id: z.string().min(1).max(64) });

const send = (response: Response, file: { type: string; name: string; content: string | Buffer }): Reply => {
  response
    .status(200)
    .set({ 'Content-Type': file.type, 'Content-Disposition': `attachment; filename="${file.name}"` })
    .send(file.content);
  return { kind: 'sent' };
};

export const traceRoutes = ({ interactions, traces, ...trail }: TraceRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/interactions/{id}/trace',
    summary: 'The SIP messages of the interaction, as JSON, as a ladder in text, or as a capture file.',
    roles: LEADERS,
    params,
    query: traceQuerySchema,
    replies: {
      200: { description: 'The messages, oldest first.', schema: traceSchema },
      404: { description: 'There is no such interaction, or its messages are not kept any more.' },
      501: { description: 'The SIP server is a drachtio-server, which keeps no messages.' },
    },
    async handle({ params: { id }, query: { format }, auth, request, response }) {
      const interaction = await interactions.get(id);
      if (!interaction) return faultReply({ code: 'not_found', message: `There is no interaction ${id}.` });
      const read = await traces.read(interaction);
      if (!read.ok) return faultReply(read.fault);
      await writeDown(trail, { auth, request, action: 'trace-read', detail: { interactionId: id, format } });
      const messages = read.value;
      const name = encodeURIComponent(id);
      switch (format) {
        case 'json':
          return jsonReply({ messages });
        case 'text':
          return send(response, {
            type: 'text/plain; charset=utf-8',
            name: `${name}.txt`,
            content: ladderText(messages),
          });
        case 'pcap':
          return send(response, {
            type: 'application/vnd.tcpdump.pcap',
            name: `${name}.pcap`,
            content: pcapOf(messages),
          });
      }
    },
  }),
];
