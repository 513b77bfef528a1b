import type { Clock } from '../base/clock.ts'
import { RingwallError } from '../base/error.ts'
import { compileGlobs } from '../config/index.ts'
import { dueUntil, type MaintenancePlan } from './maintenance-plan.ts'
import type { Standing } from './standing.ts'

/** A time in which a person works on devices: nothing that they do is judged by what they were learned to do. */
export interface MaintenanceWindow {
  readonly id: string
  /** Device ids and globs. */
  readonly devices: readonly string[]
  /** Milliseconds since the Unix epoch. */
  readonly opened: number
  readonly until: number
  readonly owner: string
  readonly reason: string
}

interface Open {
  readonly window: MaintenanceWindow
  readonly covers: (device: string) => boolean
  /** Milliseconds of the monotonic clock. */
  readonly until: number
}

/** Most windows at once. */
const MOST = 1_000
/** No window is open for longer than a week, in milliseconds: what is forgotten ends. */
export const LONGEST_MAINTENANCE = 7 * 86_400_000

/** A plan with its last window, and when that ends or would have ended (wall milliseconds). */
interface Planned {
  readonly plan: MaintenancePlan
  id: string
  until: number
}

/** Who opens the windows of plans. */
const OWNER = 'configuration'

/** The maintenance windows that are open, and their end by lane in `Standing`. A restart closes them all. */
export class Maintenance {
  readonly #standing: Standing
  readonly #clock: Clock
  readonly #lanes: () => Iterable<readonly [device: string, lane: number]>
  readonly #open = new Map<string, Open>()
  #planned: Planned[] = []
  #number = 0

  constructor(standing: Standing, clock: Clock, lanes: () => Iterable<readonly [device: string, lane: number]>) {
    this.#standing = standing
    this.#clock = clock
    this.#lanes = lanes
  }

  /** Opens a window. @param duration milliseconds. Errors: `maintenance_length`, `maintenance_full`. */
  open(parts: Pick<MaintenanceWindow, 'devices' | 'owner' | 'reason'>, duration: number): MaintenanceWindow {
    if (!(duration > 0 && duration <= LONGEST_MAINTENANCE)) {
      const hint = 'Write a duration from 1s to 7d, such as 2h; open another when it is over.'
      throw new RingwallError('maintenance_length', 'a window is open for a week at most', hint)
    }
    this.expire()
    if (this.#open.size >= MOST) {
      throw new RingwallError('maintenance_full', `${MOST} windows are open`, 'Close some, or use wider globs.')
    }
    const opened = this.#clock.wall()
    const window = { ...parts, id: `m${++this.#number}`, opened, until: opened + duration }
    const until = this.#clock.now() + duration
    this.#open.set(window.id, { window, covers: compileGlobs(parts.devices), until })
    this.#apply()
    return window
  }

  /** Closes a window. Errors: `maintenance_unknown`. */
  close(id: string): MaintenanceWindow {
    const found = this.#open.get(id)
    if (found === undefined) {
      const hint = 'ringwall maintenance list has those that are open.'
      throw new RingwallError('maintenance_unknown', `no window ${id} is open`, hint)
    }
    this.#open.delete(id)
    this.#apply()
    return found.window
  }

  list(): MaintenanceWindow[] {
    const now = this.#clock.now()
    return [...this.#open.values()].filter(({ until }) => until > now).map(({ window }) => window)
  }

  /** Forgets the windows that have ended. @returns them */
  expire(): MaintenanceWindow[] {
    const now = this.#clock.now()
    const ended = [...this.#open.values()].filter(({ until }) => until <= now).map(({ window }) => window)
    for (const { id } of ended) this.#open.delete(id)
    return ended
  }

  /** Takes on other plans; windows of the former ones are closed. */
  plan(plans: readonly MaintenancePlan[]): void {
    for (const { id } of this.#planned) this.#open.delete(id)
    this.#planned = plans.map(plan => ({ plan, id: '', until: 0 }))
    this.#apply()
  }

  /** Opens the windows of plans that are due; to be called some times a minute. @returns them */
  begin(): MaintenanceWindow[] {
    const wall = this.#clock.wall()
    const begun: MaintenanceWindow[] = []
    for (const each of this.#planned) {
      const until = dueUntil(each.plan, wall)
      // What a person has closed stays closed until it comes again.
      if (until === 0 || until === each.until || this.#open.size >= MOST) continue
      const { devices, reason } = each.plan
      const window = this.open({ devices, reason, owner: OWNER }, until - wall)
      each.id = window.id
      each.until = until
      begun.push(window)
    }
    return begun
  }

  /** A device has got a lane. */
  assigned(device: string, lane: number): void {
    let until = 0
    for (const each of this.#open.values()) if (each.covers(device)) until = Math.max(until, each.until)
    this.#standing.setMaintenance(lane, until)
  }

  #apply(): void {
    for (const [device, lane] of this.#lanes()) this.assigned(device, lane)
  }
}
