import { TURN, Works } from './fleet/works.ts'
import { Random } from './random.ts'
import { everyMode, type Order } from './script.ts'
import { Bus, type SimulatedAct } from './simulated-bus.ts'
import { SimulatedLine } from './simulated-line.ts'

/** Where simulated time begins unless told otherwise: 2026-01-05T06:00:00Z. */
const MORNING = Date.UTC(2026, 0, 5, 6)
/** Who has lost connection or power is away for at least so many milliseconds, and for up to so many more. */
const AWAY = 800
const AWAY_MORE = 2000

export interface SimulateOptions {
  readonly seed: number
  readonly site: string
  readonly minutes: number
  /** Default `everyMode`: through all modes again and again, with other set points and lost connections meanwhile. */
  readonly script?: readonly Order[]
  /** When it begins, in milliseconds since the Unix epoch. */
  readonly start?: number
}

/**
 * All that the honest fleet does in so many minutes of plant time: what it says and is told, its CONNECTs and wills, in the order in
 * which it would pass a gateway, without network and as fast as it is taken. The same seed gives the same acts.
 */
export function* simulate(options: SimulateOptions): Generator<SimulatedAct, void, undefined> {
  const { seed, site, minutes, start = MORNING } = options
  const clock = { wall: start }
  const bus = new Bus(clock, new Random(seed + 1))
  const works = new Works(seed, site, 1, (device, _version, will) => new SimulatedLine(device, site, clock, bus, will))
  bus.mode = () => works.mode
  for (const line of works.lines.values()) {
    line.subscriptions = works.subscriptions(line.name)
    line.begin()
  }
  works.begin(0)
  const mishaps = new Mishaps(works, new Random(seed + 2))
  const script = [...(options.script ?? everyMode(minutes))].sort((a, b) => a.at - b.at)
  for (let now = 0; now < minutes * 60_000; now += TURN) {
    clock.wall = start + now
    mishaps.turn(now)
    works.turn(now)
    for (; script.length > 0 && script[0].at * 1000 <= now; script.shift()) {
      const step = script[0]
      if ('order' in step) works.order(step.order)
      else if ('target' in step) works.aim(step.target, step.value)
      else if ('restart' in step) mishaps.begin(step.restart, true, now)
      else mishaps.begin(step.reconnect, false, now)
    }
    yield* bus.drain()
  }
}

interface Absence {
  readonly line: SimulatedLine
  readonly restarts: boolean
  readonly until: number
}

/** Devices that have lost their connection or their power, until they are back. */
class Mishaps {
  readonly #works: Works<SimulatedLine>
  readonly #random: Random
  #absent: readonly Absence[] = []

  constructor(works: Works<SimulatedLine>, random: Random) {
    this.#works = works
    this.#random = random
  }

  begin(device: string, restarts: boolean, now: number): void {
    const line = this.#works.lines.get(device)
    if (!line?.connected) return
    line.lose()
    this.#absent = [...this.#absent, { line, restarts, until: now + AWAY + this.#random.next() * AWAY_MORE }]
  }

  turn(now: number): void {
    const back = this.#absent.filter(({ until }) => until <= now)
    if (back.length === 0) return
    this.#absent = this.#absent.filter(({ until }) => until > now)
    for (const { line, restarts } of back) {
      if (restarts) this.#works.restart(line.name)
      line.begin(!restarts)
    }
  }
}
