import type { Random } from '../random.ts'
import type { Instrument } from './devices.ts'
import { Gauge } from './gauge.ts'
import { encode, type Line, say } from './line.ts'
import type { Tally } from './tally.ts'

/** Reports one instrument in time: telemetry with its counter, and an alarm when the value leaves its range. */
export class Reporter {
  readonly line: Line
  readonly gauge: Gauge
  readonly #tally: Tally
  readonly qos: 0 | 1
  /** Milliseconds from one report to the next. */
  readonly #period: number
  #alarmed = false
  /** Monotonic milliseconds of the next report. */
  #due: number

  /** @param speed as `LabOptions.speed`. */
  constructor(line: Line, instrument: Instrument, site: string, random: Random, tally: Tally, speed: number) {
    this.line = line
    this.#tally = tally
    this.#period = 1000 / instrument.rate / speed
    this.#due = random.next() * this.#period
    // What shows wear must not get lost.
    this.qos = random.next() < 0.5 && instrument.quantity !== 'vibration' ? 0 : 1
    this.gauge = new Gauge(instrument, site, random)
  }

  /** Shifts the first report by so many milliseconds. */
  begin(now: number): void {
    this.#due += now
  }

  /** Reports if it is time to. */
  turn(now: number, truth: () => number): void {
    if (this.#due > now) return
    // A device that was late leaves out what it has missed: it must not catch up in a burst, and its counter is a clock.
    const missed = Math.floor((now - this.#due) / this.#period)
    this.#due += (missed + 1) * this.#period
    this.gauge.skip(missed)
    if (this.line.connected) this.#report(truth())
    else this.gauge.skip(1)
  }

  #report(truth: number): void {
    const { line, gauge } = this
    const value = gauge.read(truth)
    const message = gauge.compose(value, line.wall())
    const telemetry = { topic: line.topic('telemetry'), payload: encode(message), qos: this.qos, retain: false }
    line.send(telemetry, error => {
      if (!error) this.#tally.published(line.name, message.n)
    })
    // Actuators report positions, which have no alarm of their own.
    if (gauge.instrument.role !== 'sensor' || this.#alarmed === !gauge.inRange(value)) return
    this.#alarmed = !gauge.inRange(value)
    say(line, line.topic('alarm'), gauge.alarm(value, line.wall()), 1)
  }
}
