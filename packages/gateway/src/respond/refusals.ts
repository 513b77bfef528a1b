/** Devices whose refused acts are counted at once; one more takes the place of the one that was first. */
const MOST = 4_096

/** Counts the refused acts of each device over a window of time. */
export class Refusals {
  readonly #count: number
  readonly #within: number
  readonly #windows = new Map<string, { since: number; count: number }>()

  /** @param within milliseconds */
  constructor(count: number, within: number) {
    this.#count = count
    this.#within = within
  }

  /** Counts one. @returns whether it fills the window, which begins anew then. @param wall milliseconds since the Unix epoch */
  note(device: string, wall: number): boolean {
    const known = this.#windows.get(device)
    const window = known !== undefined && wall - known.since < this.#within ? known : { since: wall, count: 0 }
    window.count++
    this.#windows.delete(device)
    if (window.count >= this.#count) return true
    this.#windows.set(device, window)
    for (const first of this.#windows.keys()) {
      if (this.#windows.size <= MOST) break
      this.#windows.delete(first)
    }
    return false
  }
}
