import type { HistoryRoom } from '../tcp/history.ts'
import { KERNEL } from './kernel-bytes.ts'
import { Head, HISTORY, PAGE, WINDOW, WINDOW_BYTES } from './layout.ts'

/** As much of it as is used here: the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Memory: new (options: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** What the kernel can do; `kernel/express.as` says it. */
export interface Exports {
  readonly run: (from: number, limit: number) => number
  readonly link: (slot: number) => void
  readonly unlink: (slot: number) => void
}

let compiled: object | null = null

/** A kernel with its memory, which never grows, so that views of it stay. */
export class ExpressMemory {
  readonly exports: Exports
  readonly bytes: Uint8Array
  /** The memory in numbers of 32 and of 64 bits; an index is a place over 4 or 8. */
  readonly words: Int32Array
  readonly floats: Float64Array
  /** Where a capture's bytes are put to be read. */
  readonly window: Uint8Array
  readonly history: HistoryRoom

  /** @param history bytes that are remembered, a power of two from 64 on */
  constructor(history: number) {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNEL), letter => letter.charCodeAt(0)))
    const count = history / 64
    const records = HISTORY + history
    const positions = records + 8 * count
    const memory = new WebAssembly.Memory({ initial: Math.ceil((positions + 16 * count) / PAGE) })
    const abort = (): never => {
      throw new Error('the kernel ended')
    }
    this.exports = new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as Exports
    const { buffer } = memory
    this.bytes = new Uint8Array(buffer)
    this.words = new Int32Array(buffer)
    this.floats = new Float64Array(buffer)
    this.window = new Uint8Array(buffer, WINDOW, WINDOW_BYTES)
    this.history = {
      bytes: new Uint8Array(buffer, HISTORY, history),
      records: new Int32Array(buffer, records, 2 * count),
      positions: new Float64Array(buffer, positions, 2 * count),
      totals: new Float64Array(buffer, Head.WRITTEN, 2),
    }
    this.#set(Head.HISTORY, HISTORY)
    this.#set(Head.RECORDS, records)
    this.#set(Head.POSITIONS, positions)
    this.#set(Head.HISTORY_MASK, history - 1)
    this.#set(Head.RECORD_MASK, count - 1)
    // Unknown to whoever chooses addresses and ports, so that nobody can make long chains. It decides nothing but speed.
    this.#set(Head.SEED, Math.floor(Math.random() * 0x1_0000_0000) | 0)
  }

  #set(place: number, value: number): void {
    this.words[place >> 2] = value
  }
}
