import { type Logger, pino } from 'pino'

export type Log = Logger

/** The one logger: structured lines on standard error, so that standard output stays for results. Secrets are never passed to it. */
export function createLog(level = 'info', bindings: Record<string, string | number> = {}): Log {
  const destination = pino.destination({ fd: 2, sync: true })
  // A log that cannot be written (a full disk behind it) must not end the gateway: the line is lost, acts go on.
  destination.on('error', () => {})
  return pino({ level, base: bindings, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}

export const silentLog: Log = pino({ level: 'silent' })
