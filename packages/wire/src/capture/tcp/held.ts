import { sameBytes } from '../../bytes/same.ts'

/** What a held piece costs beside its bytes, by a generous estimate. */
const PIECE = 128

/** Bytes that came before those in front of them; `bytes` is null where the capture has cut them off. */
export interface Piece {
  readonly sequence: number
  readonly length: number
  readonly bytes: Uint8Array | null
}

/** How much all streams hold together. */
export interface HeldTotal {
  held: number
}

/** The pieces of a stream that wait for what is missing, in order and without overlap: the bytes that came first win. */
export class Held {
  differs: boolean
  readonly #most: number
  readonly #mostInAll: number
  readonly #total: HeldTotal
  #pieces: Piece[]
  #size: number

  /** @param most bytes that this one may hold; `mostInAll` bounds all that share `total`. */
  constructor(most: number, mostInAll: number, total: HeldTotal) {
    this.differs = false
    this.#most = most
    this.#mostInAll = mostInAll
    this.#total = total
    this.#pieces = []
    this.#size = 0
  }

  get empty(): boolean {
    return this.#pieces.length === 0
  }

  /** The sequence number of the first piece; there must be one. */
  get first(): number {
    return this.#pieces[0].sequence
  }

  /** Takes the first piece away; there must be one. */
  shift(): Piece {
    const [piece] = this.#pieces
    this.#pieces.shift()
    this.#charge(-PIECE - (piece.bytes?.length ?? 0))
    return piece
  }

  clear(): void {
    this.#pieces = []
    this.#charge(-this.#size)
  }

  /**
   * Holds `length` bytes from a sequence number on, of which [start, end) are there. Answers how many found room;
   * `differs` then says whether some are not those that came first.
   */
  put(sequence: number, bytes: Uint8Array, start: number, end: number, length: number): number {
    this.differs = false
    let done = 0
    for (let i = this.#find(sequence); done < length; i++) {
      const piece = this.#pieces[i]
      // Counted from `sequence`: where the next piece begins.
      const next = piece === undefined ? length : Math.min(length, (piece.sequence - sequence) | 0)
      if (next > done) {
        const free = this.#insert(i, sequence, bytes, start, end, done, next)
        if (free < next) return free
        done = next
      } else {
        const stop = Math.min(length, ((piece.sequence - sequence) | 0) + piece.length)
        if (!agrees(piece, sequence, bytes, start, end, done, stop)) this.differs = true
        done = stop
      }
    }
    return length
  }

  /** Puts in [from, to), counted from `sequence`, before the piece at `i`. Answers up to where there was room. */
  #insert(
    i: number,
    sequence: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    to: number,
  ): number {
    const there = Math.max(from, Math.min(to, end - start))
    const room = Math.min(this.#most - this.#size, this.#mostInAll - this.#total.held)
    const pieces: Piece[] = []
    if (there > from) {
      // Not `slice`: a Buffer's is no copy.
      const kept = new Uint8Array(there - from)
      kept.set(bytes.subarray(start + from, start + there))
      pieces.push({ sequence: (sequence + from) | 0, length: there - from, bytes: kept })
    }
    if (to > there) pieces.push({ sequence: (sequence + there) | 0, length: to - there, bytes: null })
    const cost = there - from + PIECE * pieces.length
    if (cost > room) return from
    this.#pieces.splice(i, 0, ...pieces)
    this.#charge(cost)
    return to
  }

  /** The first piece that ends behind the sequence number. */
  #find(sequence: number): number {
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      const piece = this.#pieces[middle]
      if (((piece.sequence + piece.length - sequence) | 0) > 0) high = middle
      else low = middle + 1
    }
    return low
  }

  #charge(bytes: number): void {
    this.#size += bytes
    this.#total.held += bytes
  }
}

/** Whether [from, to), counted from `sequence`, is the same in a piece, as far as both have bytes. */
function agrees(
  piece: Piece,
  sequence: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  from: number,
  to: number,
): boolean {
  if (piece.bytes === null) return true
  const stop = Math.min(to, end - start)
  const shift = (sequence - piece.sequence) | 0
  return stop <= from || sameBytes(bytes, start + from, start + stop, piece.bytes, from + shift, stop + shift)
}
