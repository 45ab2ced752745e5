/** Structured logs (JSON lines on standard error), one line an event, with the ids that correlate them. */
import pino from 'pino';

export type Logger = pino.Logger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** @param process which process writes: edge, media, app, store or main. */
export const createLogger = (process: string, level: LogLevel = 'info'): Logger =>
  pino(
    {
      level,
      base: { process },
      redact: ['password', 'secret', 'token', '*.password', '*.secret', '*.token'],
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );

/** A logger that says nothing, for tests. */
export const silentLogger = (): Logger => pino({ level: 'silent' });
