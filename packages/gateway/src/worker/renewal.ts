import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Config } from '../config/index.ts'
import type { Identify } from '../identity/certificate.ts'
import type { SharedSeries } from '../lanes/series.ts'
import type { Connection } from '../path/connection.ts'
import type { Plan } from '../path/judge.ts'
import type { ProfileBook } from '../profile/book.ts'
import type { SparkplugDesk } from '../profile/sparkplug.ts'
import { readsPayloads, SLOTS } from './plan.ts'

/** What living connections are to take on. */
export interface Renewal {
  readonly config: Config
  readonly identify: Identify
  readonly planFor: (device: string) => Plan
  readonly series: SharedSeries
  readonly book: ProfileBook
  readonly sparkplug: SparkplugDesk
  /** False once a newer configuration has come. */
  readonly current: () => boolean
  /** Ends a connection that the configuration knows no more. */
  readonly revoke: (c: Connection) => void
}

/** Connections that take on a new configuration in one turn. */
const AT_ONCE = 64

/** Gives living connections their new plans and roles, some at a time, so that acts go on meanwhile. */
export async function renew(connections: readonly Connection[], renewal: Renewal): Promise<void> {
  for (const [index, c] of connections.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await nextTurn()
    if (!renewal.current()) return
    if (!c.closing) renewOne(c, renewal)
  }
}

function renewOne(c: Connection, { config, identify, planFor, series, book, sparkplug, revoke }: Renewal): void {
  const certificate = c.socket.getPeerX509Certificate()
  const principal = certificate === undefined ? undefined : identify(certificate)
  if (principal === undefined || 'code' in principal || principal.device !== c.principal.device) return revoke(c)
  c.principal = principal
  c.scanner.strict = config.session.strict
  c.plan = planFor(principal.device)
  // From births that nobody reads, nothing could be said of what comes after them.
  if (!readsPayloads(c.plan) || !book.isEdgeNode(principal.device)) sparkplug.forget(principal.device)
  c.addresses.forget(SLOTS)
  c.session.up.forget()
  c.session.down.forget()
  c.scene.memo = []
  c.scene.neighbors = series
}
