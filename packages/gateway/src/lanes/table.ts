import type { Lane } from '../contract/index.ts'
import { LANE_BYTES, LANE_WORDS, LaneWord } from './record.ts'
import { RHYTHM_BYTES, RHYTHM_WORDS } from './rhythm-words.ts'

/** A lane's bytes in all: its record, and what was learned of its device's rhythm. */
export const WHOLE_LANE_BYTES = LANE_BYTES + RHYTHM_BYTES

/**
 * The lanes of all devices in one shared block: all records, then all rhythms. Pages that no device uses yet cost address space
 * only.
 */
export class LaneTable {
  readonly buffer: SharedArrayBuffer
  readonly capacity: number

  /** @param memory the number of lanes to make, or the block that another thread made. */
  constructor(memory: number | SharedArrayBuffer) {
    this.buffer = typeof memory === 'number' ? new SharedArrayBuffer(memory * WHOLE_LANE_BYTES) : memory
    this.capacity = this.buffer.byteLength / WHOLE_LANE_BYTES
  }

  /** The lane at an index as the holder of this lease sees it. */
  open(index: number, epoch: number): Lane {
    return { index, epoch, words: this.#words(index), rhythm: this.rhythm(index) }
  }

  /** Starts a new lease: writes the next epoch and returns it. Called by the registrar only. */
  advance(index: number): number {
    const words = this.#words(index)
    words[LaneWord.epoch]++
    return words[LaneWord.epoch]
  }

  /** Clears a lane that is given to another device. */
  clear(index: number): void {
    const words = this.#words(index)
    const epoch = words[LaneWord.epoch]
    words.fill(0)
    words[LaneWord.epoch] = epoch
    this.rhythm(index).fill(0)
  }

  /** What was learned of the rhythm of a lane's device; see `rhythm-words.ts`. */
  rhythm(index: number): Float64Array {
    return new Float64Array(this.buffer, this.capacity * LANE_BYTES + index * RHYTHM_BYTES, RHYTHM_WORDS)
  }

  #words(index: number): Float64Array {
    return new Float64Array(this.buffer, index * LANE_BYTES, LANE_WORDS)
  }
}
