import { CHAIN_WORDS, ChainWindow } from '@ringwall/proof'
import { LaneWord } from './record.ts'

/** Words of 32 bits that a lane has for a chain: the window, and whether one jump may be accepted. */
export const KEPT_WORDS = CHAIN_WORDS + 1

/** A device's chain of seals as it stands in its lane, in memory that all workers share. */
export class LaneChain {
  readonly window: ChainWindow
  readonly words: Int32Array

  /** @param lane the words of a lane */
  constructor({ buffer, byteOffset }: Float64Array) {
    this.words = new Int32Array(buffer, byteOffset + LaneWord.sealFirst * Float64Array.BYTES_PER_ELEMENT, KEPT_WORDS)
    this.window = new ChainWindow(this.words)
  }

  /** Whether the gateway has lost what came last: then one jump forward says nothing against the device. */
  get isBehind(): boolean {
    return this.words[CHAIN_WORDS] !== 0
  }

  set isBehind(isBehind: boolean) {
    this.words[CHAIN_WORDS] = isBehind ? 1 : 0
  }

  /**
   * A copy to be kept, by a thread that does not write the lane; null where one is not to be had between two messages. Whoever writes may be
   * amid it: what is copied twice alike, with the last number's tag in both of its places, is whole.
   */
  copy(): Int32Array<ArrayBuffer> | null {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const copy = Int32Array.from(this.words)
      if (copy.every((word, index) => word === this.words[index]) && new ChainWindow(copy).isWhole) return copy
    }
    return null
  }
}

const ATTEMPTS = 4
