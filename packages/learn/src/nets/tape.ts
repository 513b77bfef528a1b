import { LearnError } from '../base/error.ts'
import { padded } from './kernels.ts'
import type { Address, NetKernels } from './net-kernels.ts'
import type { Parameter } from './parameters.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** Where a tape takes its room from: an arena, or what only counts. */
export interface Room {
  alloc(bytes: number): Address
}

/** Rows of numbers that an operation has for a result. Each row takes `width` floats, of which `columns` count. */
export interface Value {
  readonly rows: number
  readonly columns: number
  readonly width: number
  readonly at: Address
  /** Where the gradient of the loss with respect to it lies; 0 where nobody asks for it. */
  readonly gradient: Address
}

/** How an operation's gradient joins those of others that take the same value: the first on the way back writes, the others add. */
export interface Link {
  accumulate: number
}

/** What is wanted of a tape. */
export interface Mode {
  /** Gradients of the parameters. */
  readonly learns: boolean
  /** The gradient of the input. */
  readonly asksInput: boolean
  /** Whether dropout drops. */
  readonly drops: boolean
  /** Whether recurrent layers begin with the state that lies in their memory, not with zero. */
  readonly carries: boolean
}

/** What lies beside a tape's own memory and outlives its runs. */
export interface Places {
  /** Where the block of parameters begins. */
  readonly parameters: Address
  /** Where that of their gradients does; of no matter to a tape that does not learn. */
  readonly gradients: Address
  /** Where the draws of dropout stand: four words, none of which may be zero. */
  readonly draws: Address
}

/** Only forward. */
export const INFERENCE: Mode = { learns: false, asksInput: false, drops: false, carries: false }
/** One step after another, with the state kept. */
export const STREAMING: Mode = { ...INFERENCE, carries: true }
/** As in training. */
export const TRAINING: Mode = { learns: true, asksInput: false, drops: true, carries: false }
/** Parameters stand still; what is asked is how the loss moves with the input. */
export const INPUT_GRADIENT: Mode = { learns: false, asksInput: true, drops: false, carries: false }

/**
 * Operations in the order in which they were recorded, over memory that is laid out while they are: running a tape, forward or back, allocates nothing and looks
 * nothing up. A tape is for one batch size.
 */
export class Tape {
  readonly room: Room
  readonly kernels: NetKernels
  readonly mode: Mode
  readonly places: Places
  readonly #forward: (() => void)[] = []
  readonly #back: (() => void)[] = []
  readonly #links = new Map<Value, Link>()
  /** What the loss came to when the tape was last run. */
  loss = 0
  /** Whether parameters are as they were when the tape last ran back, and nothing else has used its memory since: what was made of them alone is then there. */
  still = false

  constructor(room: Room, kernels: NetKernels, mode: Mode, places: Places) {
    this.room = room
    this.kernels = kernels
    this.mode = mode
    this.places = places
  }

  /** Where a parameter lies. */
  parameter({ offset }: Parameter): Address {
    return this.places.parameters + offset * FLOAT
  }

  /** Where a parameter's gradient is summed; 0 where parameters stand still. */
  gradient({ offset }: Parameter): Address {
    return this.mode.learns ? this.places.gradients + offset * FLOAT : 0
  }

  /** Room for so many floats. */
  floats(count: number): Address {
    return this.room.alloc(count * FLOAT)
  }

  /** What is put in from outside. */
  input(rows: number, columns: number): Value {
    return this.#value(rows, columns, padded(columns), this.mode.asksInput)
  }

  /** A result that depends on parameters or on what has a gradient. `width` is given where groups of columns are padded each for itself. */
  result(rows: number, columns: number, width = padded(columns)): Value {
    return this.#value(rows, columns, width, this.mode.learns || this.mode.asksInput)
  }

  /** Records an operation. `back` runs only where gradients are wanted. */
  record(forward: () => void, back: () => void): void {
    this.#forward.push(forward)
    if (this.mode.learns || this.mode.asksInput) this.#back.push(back)
  }

  /** Says that the operation that is being recorded takes a value. */
  take(value: Value): Link {
    const link = { accumulate: 0 }
    const before = this.#links.get(value)
    if (before !== undefined) before.accumulate = 1
    this.#links.set(value, link)
    return link
  }

  forward(): void {
    for (let i = 0; i < this.#forward.length; i++) this.#forward[i]()
  }

  /** From the gradient of the last value, which a loss wrote, to all others. Parameters' gradients are added to what is there. */
  back(): void {
    for (let i = this.#back.length - 1; i >= 0; i--) this.#back[i]()
  }

  #value(rows: number, columns: number, width: number, wanted: boolean): Value {
    if (!(rows > 0 && columns > 0)) throw new LearnError('net_shape', `a value of ${rows} x ${columns} numbers`)
    const at = this.floats(rows * width)
    return { rows, columns, width, at, gradient: wanted ? this.floats(rows * width) : 0 }
  }
}
