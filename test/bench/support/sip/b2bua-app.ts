/** The app that is measured: the smallest back-to-back user agent on drachtio-srf, as its manual shows it, in a process as the product's app is. */
import Srf from 'drachtio-srf';
import { ok } from '../../../../base/result';
import { APP_EXTENSION } from '../../../../signaling/edge/apps/words';
import type { ServerAddress } from '../../../../signaling/gateway/server-connection';
import { systemClock } from '../../../../base/clock';
import { messageOf } from '../../../../base/errors';
import { sendExtension } from '../../../../signaling/srf/srf-extension';
import type { SrfClient } from '../../../../signaling/srf/srf-types';
import { copyEnvironment } from '../../../../main/config';

/** The word of the command line that makes a benchmark's program be this app. */
export const B2BUA_ROLE = 'b2bua-app';

export interface B2buaConfig extends ServerAddress {
  /** Where calls go on to: `host:port` of the callee. */
  readonly callee: string;
  /** By which the app is known again after a restart, so that the embedded edge writes its dialogs down. Left out: none. */
  readonly appName?: string | undefined;
}

/** Runs in a process of its own, as {@link NodeChild} starts it; ends when told, or when its parent has gone. */
export const runB2buaApp = (): void => {
  copyEnvironment();
  process.on('disconnect', () => process.exit());
  process.on('message', (message: { type: 'start'; config: B2buaConfig } | { type: 'stop' }) => {
    if (message.type === 'stop') process.exit();
    connect(message.config);
  });
};

const connect = ({ host, port, secret, callee, appName }: B2buaConfig): void => {
  const srf = new Srf();
  srf.on('error', (error: Error) => process.stderr.write(`${messageOf(error)}\n`));
  srf.on('connect', (error: Error | null) => {
    void (async () => {
      const command = { name: APP_EXTENSION, input: { name: appName } };
      const sender = { srf: srf as unknown as SrfClient, clock: systemClock, onLost: () => () => undefined };
      const named = error || appName === undefined ? ok(undefined) : await sendExtension(sender, command);
      const reason = error ? messageOf(error) : named.ok ? undefined : named.fault.message;
      process.send?.(reason === undefined ? { type: 'ready' } : { type: 'refused', reason });
    })();
  });
  srf.invite((req, res) => void bridge(srf, { req, res }, callee));
  void srf.connect({ host, port, secret });
};

const bridge = async (
  srf: Srf,
  { req, res }: { req: Srf.SrfRequest; res: Srf.SrfResponse },
  callee: string,
): Promise<void> => {
  const user = /^sips?:([^@]*)@/.exec(req.uri)?.[1] ?? '';
  try {
    const { uas, uac } = await srf.createB2BUA(req, res, `sip:${user}@${callee}`, { localSdpB: req.body });
    uas.on('destroy', () => void uac.destroy());
    uac.on('destroy', () => void uas.destroy());
  } catch {
    // drachtio-srf has passed the refusal on to the caller.
  }
};
