import { printable } from './output.ts'

/** Where a bar is drawn. */
export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const AFTER = 2_000
const EVERY = 200
const WIDTH = 24

/** A bar on a terminal for work that takes over two seconds: how far it is, how large the loss is, and how long it will still take. */
export class TrainingBar {
  readonly #title: string
  readonly #terminal: Terminal
  readonly #now: () => number
  readonly #began: number
  #next = AFTER
  #shown = false

  constructor(title: string, terminal: Terminal = process.stderr, now: () => number = () => performance.now()) {
    this.#title = title
    this.#terminal = terminal
    this.#now = now
    this.#began = now()
  }

  /** @param done from 0 to 1; @param what it is at */
  update(done: number, what = '', loss?: number): void {
    const passed = this.#now() - this.#began
    if (passed < this.#next || this.#terminal.isTTY !== true) return
    this.#next = passed + EVERY
    this.#shown = true
    const share = Math.min(1, Math.max(0, done))
    const full = Math.round(share * WIDTH)
    const left = share > 0.01 ? `, ${duration((passed * (1 - share)) / share / 1_000)} left` : ''
    const told = loss === undefined ? '' : `, loss ${loss.toPrecision(4)}`
    const bar = `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${Math.floor(share * 100)} %`
    this.#terminal.write(`\r\x1b[K${printable(`${this.#title} ${bar}${what === '' ? '' : ` ${what}`}${told}${left}`)}`)
  }

  end(): void {
    if (this.#shown) this.#terminal.write('\r\x1b[K')
  }
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
}
