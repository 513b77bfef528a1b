import { Posture } from '../contract/index.ts'

/** The ladder from bottom to top, by the numbers of `Posture`. */
export const POSTURES = ['trusted', 'watched', 'restricted', 'quarantined'] as const
export type PostureName = (typeof POSTURES)[number]

/** How long a device stays on each step without anything new, in milliseconds. */
export type QuietTimes = Readonly<Record<Exclude<PostureName, 'trusted'>, number>>

/** Where one device stands, and why. Times are milliseconds since the Unix epoch. */
export interface Stand {
  readonly device: string
  readonly posture: Posture
  readonly since: number
  /** When it goes down one step, if nothing new comes. */
  readonly until: number
  readonly by: string
  readonly reason: string
}

/** Who or what moves a device, and why. */
export interface Cause {
  readonly by: string
  readonly reason: string
}

/**
 * The postures of all devices that are not trusted, by device, so that they outlive connections. What is new raises a device at
 * once, or renews its time on its step; quiet takes it down one step at a time. Holds at most so many devices as there are
 * lanes: one more takes the place of the one that stands lowest, and of those the one that goes down first; where all
 * stand higher than the newcomer, it finds no place.
 */
export class Ladder {
  quiet: QuietTimes
  readonly #most: number
  readonly #moved: (device: string, posture: Posture) => void
  readonly #stands = new Map<string, Stand>()

  /** @param moved is told each time that a device comes to stand elsewhere */
  constructor(quiet: QuietTimes, most: number, moved: (device: string, posture: Posture) => void) {
    this.quiet = quiet
    this.#most = most
    this.#moved = moved
  }

  of(device: string): Posture {
    return this.#stands.get(device)?.posture ?? Posture.trusted
  }

  /** Those that are not trusted, the highest first. */
  list(): Stand[] {
    return [...this.#stands.values()].sort((a, b) => b.posture - a.posture || a.device.localeCompare(b.device))
  }

  /** Something new about a device: it stands at least there, and its quiet time begins anew. @returns whether it went up */
  raise(device: string, posture: Exclude<Posture, 0>, cause: Cause, wall: number): boolean {
    const known = this.#stands.get(device)
    if (known !== undefined && known.posture >= posture) {
      this.#stands.set(device, { ...known, until: Math.max(known.until, wall + this.#quietOf(known.posture)) })
      return false
    }
    return this.#place({ device, posture, since: wall, until: wall + this.#quietOf(posture), ...cause })
  }

  /** A person's word, for which there is always room: the device stands just there, for so many milliseconds before it goes down. */
  set(device: string, posture: Posture, milliseconds: number, cause: Cause, wall: number): void {
    const until = wall + milliseconds
    if (posture !== Posture.trusted) this.#place({ device, posture, since: wall, until, ...cause }, Posture.quarantined)
    else if (this.#stands.delete(device)) this.#moved(device, posture)
  }

  /** Takes down whoever has been quiet for long enough. @returns whether any moved */
  sweep(wall: number): boolean {
    let isMoved = false
    for (const stand of this.#stands.values()) {
      if (stand.until > wall) continue
      isMoved = true
      this.#descend(stand, wall)
    }
    return isMoved
  }

  /** Takes up what was kept over a restart, told to `moved` device by device; what has ended meanwhile is taken down. */
  restore(stands: readonly Stand[], wall: number): void {
    for (const stand of stands) this.#place(stand)
    this.sweep(wall)
  }

  #descend(stand: Stand, wall: number): void {
    let { posture, since, until } = stand
    // Several steps at once where the gateway was down for long.
    while (posture !== Posture.trusted && until <= wall) {
      posture = (posture - 1) as Posture
      since = until
      until += this.#quietOf(posture)
    }
    if (posture === Posture.trusted) this.#stands.delete(stand.device)
    else this.#stands.set(stand.device, { ...stand, posture, since, until })
    this.#moved(stand.device, posture)
  }

  /** @param rank whom it may push out: those that stand no higher */
  #place(stand: Stand, rank = stand.posture): boolean {
    const isFull = !this.#stands.has(stand.device) && this.#stands.size >= this.#most
    if (isFull && !this.#makeRoom(rank)) return false
    this.#stands.set(stand.device, stand)
    this.#moved(stand.device, stand.posture)
    return true
  }

  #makeRoom(rank: Posture): boolean {
    let least: Stand | undefined
    for (const each of this.#stands.values()) {
      const isLess = least === undefined || each.posture < least.posture
      if (isLess || (each.posture === least?.posture && each.until < least.until)) least = each
    }
    if (least === undefined || least.posture > rank) return false
    this.#stands.delete(least.device)
    this.#moved(least.device, Posture.trusted)
    return true
  }

  #quietOf(posture: Posture): number {
    const name = POSTURES[posture]
    return name === 'trusted' ? 0 : this.quiet[name]
  }
}
