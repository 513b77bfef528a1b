import { CHAIN_BYTES, type SealView } from './layout.ts'

/** How a seal stands to those before it. */
export type Link =
  /** The first of a device of which nothing is known. */
  | 'first'
  /** Its number is the next one, and it names the tag before. */
  | 'next'
  /** Its number is a later one, and it names no tag: the device has lost its state, and says so. */
  | 'resumed'
  /** Its number is a later one: those between have not come. */
  | 'gap'
  /** One that was missing, late. */
  | 'reorder'
  /** One that was here already, with the same tag. */
  | 'replay'
  /** It contradicts one that was here: two devices with one key, or one that was set back to a backup. */
  | 'fork'
  /** Its number is too far back to tell replay from delay. */
  | 'stale'

/** Sequence numbers of which it is kept whether they came. */
export const WINDOW = 32
const [HIGH, LOW, SEEN, TAG, CHECKS] = [0, 1, 2, 3, 5]
/** 32-bit words that a chain takes: the last number, what came of the window, the last tag's first 8 bytes, 4 bytes of each in the window. */
export const CHAIN_WORDS = CHECKS + WINDOW
const HALF = 2 ** 32

/**
 * What a receiver keeps of a device's chain, in words that may lie in shared memory; all 0 before the first message. `judge` changes nothing;
 * `advance` is called once the MAC is known to be right, so that nobody without the key moves a chain. A number is told from another's by
 * 32 bits of the tag, so that one fork in four thousand million reads as a replay; both are refused.
 */
export class ChainWindow {
  readonly words: Int32Array

  constructor(words: Int32Array = new Int32Array(CHAIN_WORDS)) {
    this.words = words
  }

  /** The highest number that came, 0 before the first. */
  get last(): number {
    return (this.words[HIGH] >>> 0) * HALF + (this.words[LOW] >>> 0)
  }

  /** Whether the words agree with each other: a copy made while another thread advanced may not. The check of the last is written last. */
  get isWhole(): boolean {
    const { last, words } = this
    return last === 0 || (words[CHECKS + (last % WINDOW)] === words[TAG] && (words[SEEN] & 1) === 1)
  }

  judge(view: SealView): Link {
    const { last, words } = this
    const isBegin = view.previousStart === view.previousEnd
    const ahead = view.sequence - last
    if (last === 0) return 'first'
    if (ahead > 0 && isBegin) return 'resumed'
    if (ahead > 1) return 'gap'
    if (ahead === 1) return this.#follows(view) ? 'next' : 'fork'
    if (ahead <= -WINDOW) return 'stale'
    const place = view.sequence % WINDOW
    if (this.#came(view.sequence)) return words[CHECKS + place] === wordAt(view, view.tagStart) ? 'replay' : 'fork'
    const before = view.sequence - 1
    const known = before > last - WINDOW && this.#came(before)
    const agrees = isBegin || !known || words[CHECKS + (before % WINDOW)] === wordAt(view, view.previousStart)
    return agrees ? 'reorder' : 'fork'
  }

  /** Takes a seal with a right MAC for known. */
  advance(view: SealView): void {
    const { words } = this
    const ahead = view.sequence - this.last
    if (ahead <= -WINDOW) return
    if (ahead > 0) {
      words[HIGH] = Math.floor(view.sequence / HALF)
      words[LOW] = (view.sequence % HALF) | 0
      words[TAG] = wordAt(view, view.tagStart)
      words[TAG + 1] = wordAt(view, view.tagStart + CHAIN_BYTES / 2)
      words[SEEN] = ahead >= WINDOW ? 1 : (words[SEEN] << ahead) | 1
    } else words[SEEN] |= 1 << -ahead
    words[CHECKS + (view.sequence % WINDOW)] = wordAt(view, view.tagStart)
  }

  #follows(view: SealView): boolean {
    const { words } = this
    const second = wordAt(view, view.previousStart + CHAIN_BYTES / 2)
    return words[TAG] === wordAt(view, view.previousStart) && words[TAG + 1] === second
  }

  #came(sequence: number): boolean {
    return ((this.words[SEEN] >>> (this.last - sequence)) & 1) === 1
  }
}

function wordAt({ bytes }: SealView, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}
