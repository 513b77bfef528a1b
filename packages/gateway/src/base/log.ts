import { type Logger, pino } from 'pino'

export type Log = Logger

/** The one logger: structured lines on standard error, so that standard output stays for results. Secrets are never passed to it. */
export function createLog(level = 'info', bindings: Record<string, string | number> = {}): Log {
  return pino(
    { level, base: bindings, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
}

export const silentLog: Log = pino({ level: 'silent' })
