import { LearnError } from '../base/error.ts'
import { Memory } from './web-assembly.ts'

const PAGE = 65_536
/** WebAssembly's null stands before it, and what a kernel keeps to itself. */
const FIRST = 1_024
const ALIGNMENT = 16

/**
 * Memory that kernels work in. It is of a fixed size, because views of it would be cut off when it grows. What is allocated is given back from a mark on:
 * a training step allocates as it goes, and starts again at the same mark.
 */
export class Arena {
  readonly memory: Memory
  readonly f32: Float32Array
  readonly f64: Float64Array
  readonly i32: Int32Array
  readonly u8: Uint8Array
  #top = FIRST

  /** @param bytes how much is to be had; it is taken from the system only as it is written to */
  constructor(bytes: number) {
    const pages = Math.ceil((bytes + FIRST) / PAGE)
    this.memory = new Memory({ initial: pages, maximum: pages })
    const { buffer } = this.memory
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.u8 = new Uint8Array(buffer)
  }

  /** Where so many bytes begin, at a multiple of 16; what is in them is whatever was there before. Error: `arena_full`. */
  alloc(bytes: number): number {
    const at = this.#top
    const top = at + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    if (top > this.u8.length)
      throw new LearnError('arena_full', `${bytes} bytes more than the ${this.u8.length} of the arena are asked for`)
    this.#top = top
    return at
  }

  /** The same, with zeros in them. */
  zeros(bytes: number): number {
    const at = this.alloc(bytes)
    this.u8.fill(0, at, this.#top)
    return at
  }

  /** Copies numbers in, as single precision; gives where they begin. */
  put(values: ArrayLike<number>): number {
    const at = this.alloc(values.length * Float32Array.BYTES_PER_ELEMENT)
    this.f32.set(values, at / Float32Array.BYTES_PER_ELEMENT)
    return at
  }

  /** A view of numbers, which holds until what they lie in is given back. */
  floats(at: number, count: number): Float32Array {
    const from = at / Float32Array.BYTES_PER_ELEMENT
    return this.f32.subarray(from, from + count)
  }

  /** A place to give back from. */
  get mark(): number {
    return this.#top
  }

  /** Gives back all that was allocated after a mark. */
  release(mark: number): void {
    this.#top = mark
  }
}
