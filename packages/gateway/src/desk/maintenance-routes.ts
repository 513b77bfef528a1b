import type { Log } from '../base/log.ts'
import { checkKind } from '../config/kinds.ts'
import { Flaw } from '../config/problem.ts'
import { durationOf, invalid, textOf } from '../config/query.ts'
import { LONGEST_MAINTENANCE, type Maintenance } from '../lanes/maintenance.ts'
import type { Route } from './control.ts'

/** Maintenance windows: `GET /maintenance`, `POST /maintenance/open`, `POST /maintenance/close`. Each opening and closing is logged. */
export function maintenanceRoutes(maintenance: Maintenance, log: Log): [string, Route][] {
  return [
    ['GET /maintenance', () => maintenance.list()],
    [
      'POST /maintenance/open',
      query => {
        const parts = { devices: globsOf(query), owner: textOf(query, 'by'), reason: textOf(query, 'reason') }
        const window = maintenance.open(parts, durationOf(query, LONGEST_MAINTENANCE))
        log.info({ ...window }, 'maintenance begins')
        return window
      },
    ],
    [
      'POST /maintenance/close',
      query => {
        const by = textOf(query, 'by')
        const window = maintenance.close(textOf(query, 'id'))
        log.info({ ...window, by }, 'maintenance is closed')
        return window
      },
    ],
  ]
}

function globsOf(query: URLSearchParams): string[] {
  const globs = textOf(query, 'devices').split(',')
  for (const glob of globs) {
    const found = checkKind('glob', glob, '/')
    if (found instanceof Flaw) throw invalid(found.what, found.hint)
  }
  return globs
}
