import type { AuditEvent } from './event.ts'
import { meaningOf } from './happenings.ts'

/** Entries of one kind by device (or address, where there is none) and minute that stand by themselves; more are counted. */
const FIRST = 10
/** Of all kinds together, so that one device that errs in many ways leaves room for others. */
const MOST_EACH = 60
/** Of all devices, of all strangers, and of what the gateway does of itself, each apart: none can crowd out the others. */
const MOST = { devices: 600, strangers: 200, gateway: 600 } as const
/** What is counted apart in a minute; the rest is counted together. */
const MOST_COUNTS = 4_096
/** What a minute's entry tells by name, the most frequent first, and the UTF-8 bytes of those names: it is to fit an entry. */
const MOST_TOLD = 256
const MOST_NAMED = 32_768

/** What came so often in a minute that it was counted. */
export interface Count {
  readonly kind: string
  /** The device, or the address. */
  readonly who: string
  /** The finding's guard and code, '' where there is none. */
  readonly code: string
  count: number
}

/** What became of a minute's surplus. */
export interface Minute {
  /** When it began, milliseconds since the Unix epoch. */
  readonly time: number
  readonly counts: readonly Count[]
  /** Happenings that are not among `counts`. */
  readonly others: number
}

const MINUTE = 60_000

/**
 * Decides what stands in the ledger by itself and what is only counted: an attacker can size neither the ledger (1,400 entries and one of
 * counts a minute at most, beside those of whoever runs the gateway) nor this memory (4,096 counts and as many devices).
 */
export class Bounds {
  #minute = 0
  #each = new Map<string, number>()
  #kinds = new Map<string, number>()
  readonly #used = { devices: 0, strangers: 0, gateway: 0 }
  #counts = new Map<string, Count>()
  #others = 0

  /** Whether an event stands by itself. Otherwise it is counted. Time only goes on by `turn`. */
  takes(event: AuditEvent): boolean {
    const meaning = meaningOf(event.kind)
    if (meaning.room === 'free') return true
    // Whoever has no name cannot take the room of those that have one.
    const room = meaning.room === 'devices' && (event.device ?? '') === '' ? 'strangers' : meaning.room
    const who = whoOf(event)
    const kind = `${who} ${event.kind} ${codeOf(event)}`
    const nth = this.#kinds.get(kind) ?? 0
    const all = this.#each.get(who) ?? 0
    const isKnown = nth > 0 || this.#kinds.size < MOST_COUNTS
    if (!isKnown || nth >= FIRST || all >= MOST_EACH || this.#used[room] >= MOST[room]) {
      this.count(event.kind, who, codeOf(event), 1)
      return false
    }
    this.#kinds.set(kind, nth + 1)
    this.#each.set(who, all + 1)
    this.#used[room]++
    return true
  }

  /** Counts what was not told one by one. */
  count(kind: string, who: string, code: string, count: number): void {
    const key = `${who} ${kind} ${code}`
    const known = this.#counts.get(key)
    if (known !== undefined) known.count += count
    else if (this.#counts.size < MOST_COUNTS) this.#counts.set(key, { kind, who, code, count })
    else this.#others += count
  }

  /** Time goes on. @returns what was counted in the minute that is over, null where none is or nothing was */
  turn(wall: number): Minute | null {
    const minute = Math.floor(wall / MINUTE)
    if (minute === this.#minute) return null
    const time = this.#minute * MINUTE
    const counts = [...this.#counts.values()].sort((a, b) => b.count - a.count)
    const told = toldOf(counts)
    const rest = counts.slice(told).reduce((sum, { count }) => sum + count, this.#others)
    this.#minute = minute
    this.#kinds.clear()
    this.#each.clear()
    this.#counts.clear()
    this.#others = 0
    Object.assign(this.#used, { devices: 0, strangers: 0, gateway: 0 })
    return counts.length === 0 ? null : { time, counts: counts.slice(0, told), others: rest }
  }
}

/** How many of these are told by name. */
function toldOf(counts: readonly Count[]): number {
  let bytes = 0
  const end = counts.slice(0, MOST_TOLD).findIndex(({ kind, who, code }) => {
    bytes += Buffer.byteLength(kind) + Buffer.byteLength(who) + Buffer.byteLength(code)
    return bytes > MOST_NAMED
  })
  return end === -1 ? Math.min(counts.length, MOST_TOLD) : end
}

function whoOf({ device = '', address = '' }: AuditEvent): string {
  return device === '' ? address : device
}

function codeOf({ findings }: AuditEvent): string {
  const first = findings?.[0]
  return first === undefined ? '' : `${first.guard}:${first.code}`
}
