import type { AttackReport, LabEvent } from '@ringwall/lab'
import type { Gateway } from '../gateway.ts'

type Fleet = Extract<LabEvent, { kind: 'fleet' }>
type Plant = Extract<LabEvent, { kind: 'plant' }>

interface Fate {
  readonly name: string
  readonly technique: string
  report: AttackReport | null
  stoppedBy: string
}

const BOLD = '\x1b[1m'
const DIM = '\x1b[2m'
const GREEN = '\x1b[32m'
const RED = '\x1b[31m'
const PLAIN = '\x1b[0m'
/** Topmost findings shown. */
const FINDINGS = 8

/** The live picture of the demo on a terminal: connections, acts, verdicts, latency, the plant, and each attack's fate. */
export class Board {
  readonly #gateway: Gateway
  readonly #began = Date.now()
  readonly #fates = new Map<string, Fate>()
  #phase = ''
  #fleet: Fleet | null = null
  #plant: Plant | null = null
  #forwarded = 0
  #at = Date.now()

  constructor(gateway: Gateway) {
    this.#gateway = gateway
  }

  see(event: LabEvent): void {
    if (event.kind === 'phase') this.#phase = event.phase
    else if (event.kind === 'fleet') this.#fleet = event
    else if (event.kind === 'plant') this.#plant = event
    else if (event.kind === 'attack-start') {
      const { name, technique } = event
      this.#fates.set(name, { name, technique, report: null, stoppedBy: '' })
    } else if (event.kind === 'attack-end') {
      const fate = this.#fates.get(event.report.name)
      if (fate !== undefined) fate.report = event.report
    }
  }

  stopped(name: string, by: string): void {
    const fate = this.#fates.get(name)
    if (fate !== undefined) fate.stoppedBy = by
  }

  /**
   * The picture, a line each. What does not fit is left out: first `below`, then the findings, then the attacks that began first.
   * @param below lines of the caller's
   * @param rows of the terminal
   */
  draw(below: readonly string[] = [], rows = Number.POSITIVE_INFINITY): string[] {
    const traffic = this.#traffic()
    const [head, ...attacks] = this.#attacks()
    const findings = ['', ...this.#findings()]
    const room = rows - traffic.length - 2
    const shown = attacks.slice(-Math.max(1, room))
    const left = room - shown.length
    const between = findings.length <= left ? findings : []
    const last = between.length + 1 + below.length <= left ? ['', ...below] : []
    return [...traffic, ...between, '', head, ...shown, ...last]
  }

  #traffic(): string[] {
    const { book, port, devices } = this.#gateway
    const { forwarded, delivered, refused, throttled, acts } = book.totals
    const now = Date.now()
    const rate = Math.round(((forwarded - this.#forwarded) * 1000) / Math.max(1, now - this.#at))
    this.#forwarded = forwarded
    this.#at = now
    const seconds = Math.round((now - this.#began) / 1000)
    const lines = [
      `${BOLD}Ringwall${PLAIN}  port ${port}  ${seconds} s  ${this.#phase}`,
      `connections ${book.connections}  devices ${devices}  acts ${acts}`,
      `forwarded ${forwarded} (${rate}/s)  delivered ${delivered}  refused ${refused}  slowed ${throttled}`,
    ]
    if (this.#fleet !== null) {
      const { connected, dropped, published, latency } = this.#fleet
      const times = `latency p50 ${latency.p50.toFixed(1)} ms  p99 ${latency.p99.toFixed(1)} ms`
      lines.push(`fleet ${connected} devices, ${dropped} dropped  published ${published}`, times)
    }
    if (this.#plant !== null) {
      const { mode, values, conditions } = this.#plant
      const shown = ['level-1', 'level-2', 'flow-1', 'temperature-1', 'pressure-1'].filter(name => name in values)
      const readings = shown.map(name => `${name} ${values[name].toFixed(2)}`).join('  ')
      lines.push(`plant ${mode}  ${conditions.join(', ')}`, readings)
    }
    return lines
  }

  #findings(): string[] {
    const codes = [...this.#gateway.book.codes].sort((a, b) => b.count - a.count).slice(0, FINDINGS)
    const rows = codes.map(
      ({ guard, code, decision, count }) => `${pad(guard, 11)}${pad(code, 24)}${pad(decision, 12)}${count}`,
    )
    return [`${DIM}${pad('guard', 11)}${pad('finding', 24)}${pad('decision', 12)}count${PLAIN}`, ...rows]
  }

  #attacks(): string[] {
    const head = `${DIM}${pad('attack', 26)}${pad('technique', 11)}${pad('attempts', 10)}${pad('effect', 8)}stopped by${PLAIN}`
    return [head, ...[...this.#fates.values()].map(fateLine)]
  }
}

function fateLine({ name, technique, report, stoppedBy }: Fate): string {
  const start = `${pad(name, 26)}${pad(technique, 11)}`
  if (report === null) return `${start}${DIM}running${PLAIN}`
  if (report.error !== null) return `${start}${RED}not carried out${PLAIN}`
  const color = report.effect === 0 ? GREEN : RED
  return `${start}${pad(String(report.attempts), 10)}${color}${pad(String(report.effect), 8)}${PLAIN}${stoppedBy}`
}

function pad(text: string, width: number): string {
  return text.length >= width ? `${text} ` : text.padEnd(width)
}
