import type { SignalType } from './signals.ts'
import type { SeriesTable, SeriesType } from './types.ts'

/** Gives a number to each series that a law or a command asks for, in the order in which they are asked for. */
export class SeriesBook implements SeriesTable {
  readonly #numbers = new Map<string, SeriesType>()
  readonly #shared = new Set<number>()
  readonly #signalOf: (device: string, name: string) => SignalType | undefined

  constructor(signalOf: (device: string, name: string) => SignalType | undefined) {
    this.#signalOf = signalOf
  }

  get names(): readonly string[] {
    return [...this.#numbers.keys()]
  }

  /** Each series with all that its values mean: where this is the same, memory of old values may be kept. */
  get meanings(): readonly string[] {
    return [...this.#numbers].map(([name, { unit, states }]) => JSON.stringify([name, unit, states]))
  }

  find(name: string): SeriesType | undefined {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    const [device = '', signal = '', more] = name.split('/')
    const found = more === undefined ? this.#signalOf(device, signal) : undefined
    if (found === undefined) return undefined
    const type = { series: this.#numbers.size, unit: found.unit, states: found.states }
    this.#numbers.set(name, type)
    return type
  }

  /** Somebody reads a series besides the messages that bring it. */
  share(series: number): void {
    this.#shared.add(series)
  }

  isShared(series: number): boolean {
    return this.#shared.has(series)
  }

  /** The number of a series, or -1 where nobody asked for it. */
  numberOf(device: string, name: string): number {
    return this.#numbers.get(`${device}/${name}`)?.series ?? -1
  }
}
