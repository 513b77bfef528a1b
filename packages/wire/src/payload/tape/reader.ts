import type { PayloadFault, PayloadLimits } from '../validator.ts'
import { hashOf, keyRepeats } from './keys.ts'
import { pointerTo, textOfItem } from './pointer.ts'
import { TAPE_ITEMS, TAPE_TEXT, type Tape } from './tape.ts'

/** What readers of every encoding share: where they are, their limits, and what stopped them. */
export class Reader {
  readonly tape: Tape
  readonly limits: PayloadLimits
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  end = 0
  code = ''
  why = ''
  offset = 0
  /** The item of the tape that it was about; the tape's length for the one that was to come. */
  item = 0

  constructor(tape: Tape, limits: PayloadLimits) {
    this.tape = tape
    this.limits = limits
  }

  begin(bytes: Uint8Array, start: number, end: number): void {
    this.tape.begin(bytes)
    this.bytes = bytes
    this.at = start
    this.end = end
    this.code = ''
  }

  /** Notes why the reading stops; always false. */
  stop(code: string, why: string, offset: number): false {
    this.code = code
    this.why = why
    this.offset = offset
    this.item = this.tape.length
    return false
  }

  /** Stops as `stop` does, at an item that is on the tape. */
  stopAt(item: number, code: string, why: string): false {
    this.stop(code, why, this.tape.apart[item] === 0 ? this.tape.starts[item] : this.at)
    this.item = item
    return false
  }

  stopFull(): false {
    return this.stop('payload_length', `the payload has more than ${TAPE_ITEMS} values and keys`, this.at)
  }

  stopDeep(offset: number): false {
    return this.stop('payload_depth', `more than ${this.limits.depth} arrays and objects are within each other`, offset)
  }

  stopMany(offset: number): false {
    return this.stop('payload_length', `an array or object has more than ${this.limits.members} members`, offset)
  }

  stopLong(offset: number): false {
    return this.stop('payload_length', `a string has more than ${this.limits.stringBytes} bytes`, offset)
  }

  /** Where the texts that do not stand in the payload as they are have no more room. */
  stopText(offset: number): false {
    return this.stop('payload_length', `the texts to unescape or join have more than ${TAPE_TEXT} bytes`, offset)
  }

  /**
   * Hashes a key and compares it with the object's earlier ones. `seen` has a bit for each hash so far.
   * Answers the bits with the key's own, or 0 where it repeats an earlier one.
   */
  addKey(object: number, key: number, seen: number): number {
    const { tape } = this
    const hash = hashOf(tape.textOf(key), tape.starts[key], tape.ends[key])
    tape.hashes[key] = hash
    const bit = 1 << (hash & 31)
    if ((seen & bit) !== 0 && keyRepeats(tape, object, key)) {
      this.stopAt(key, 'payload_duplicate_key', 'a key of an object comes twice')
      return 0
    }
    return seen | bit
  }

  /** Leaves a container open, for the fault's pointer; always false. */
  leave(container: number): false {
    this.tape.nexts[container] = this.tape.length + 1
    return false
  }

  fault(): PayloadFault {
    const repeated = this.code === 'payload_duplicate_key' ? `: ${textOfItem(this.tape, this.item)}` : ''
    const where = this.tape.length === 0 ? '' : pointerTo(this.tape, 0, this.item)
    return { code: this.code, where, why: this.why + repeated, offset: this.offset }
  }
}
