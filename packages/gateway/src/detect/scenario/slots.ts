/** A key of at most 120 UTF-16 units, its map entry, and its place in the list of keys. */
const KEY_BYTES = 2 * 120 + 64
/** How many are looked at for the emptiest when there is no more room. */
const LOOKED_AT = 8

/**
 * A fixed number of subjects with a fixed number of words each, found by key. When all are taken the emptiest of the next
 * few makes room: a crowd of newcomers pushes out newcomers, not the one that is almost full.
 */
export class Slots {
  readonly width: number
  readonly most: number
  /** Word `w` of slot `s` is `words[s * width + w]`. */
  readonly words: Float64Array
  /** Subjects that made room since the beginning. */
  evicted = 0
  readonly #indexes = new Map<string | number, number>()
  readonly #keys: (string | number | null)[]
  readonly #free: number[] = []
  readonly #fullness: (index: number) => number
  readonly #dropped: (index: number) => void
  #used = 0
  #hand = 0

  /**
   * @param fullness how much a subject has gathered: the least makes room.
   * @param dropped is told before a slot is cleared.
   */
  constructor(
    most: number,
    width: number,
    fullness: (index: number) => number,
    dropped: (index: number) => void = none,
  ) {
    this.most = most
    this.width = width
    this.words = new Float64Array(most * width)
    this.#keys = new Array<string | number | null>(most).fill(null)
    this.#fullness = fullness
    this.#dropped = dropped
  }

  /** What a subject takes at most, in bytes. */
  get bytes(): number {
    return this.width * 8 + KEY_BYTES
  }

  get size(): number {
    return this.#indexes.size
  }

  keyOf(index: number): string | number | null {
    return this.#keys[index]
  }

  /** The slot of a subject, or -1 where it has none. */
  find(key: string | number): number {
    return this.#indexes.get(key) ?? -1
  }

  /** The slot of a subject; a new one has all words 0. */
  take(key: string | number): number {
    const known = this.#indexes.get(key)
    if (known !== undefined) return known
    const index = this.#free.pop() ?? (this.#used < this.most ? this.#used++ : this.#makeRoom())
    this.#indexes.set(key, index)
    this.#keys[index] = key
    return index
  }

  /** Forgets a subject. */
  drop(index: number): void {
    this.#clear(index)
    this.#free.push(index)
  }

  #makeRoom(): number {
    let emptiest = this.#hand
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < Math.min(LOOKED_AT, this.most); i++) {
      const fullness = this.#fullness(this.#hand)
      if (fullness < least) {
        least = fullness
        emptiest = this.#hand
      }
      this.#hand = (this.#hand + 1) % this.most
    }
    this.evicted++
    this.#clear(emptiest)
    return emptiest
  }

  #clear(index: number): void {
    const key = this.#keys[index]
    if (key === null) return
    this.#dropped(index)
    this.#indexes.delete(key)
    this.#keys[index] = null
    this.words.fill(0, index * this.width, (index + 1) * this.width)
  }
}

function none(): void {}
