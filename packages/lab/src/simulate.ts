import { type LabRole, labDevices } from './fleet/devices.ts'
import type { Line, Outgoing } from './fleet/line.ts'
import { TURN, Works } from './fleet/works.ts'
import type { Mode } from './plant/supervisor.ts'
import { Random } from './random.ts'
import { everyMode, type Order } from './script.ts'

/** Where simulated time begins unless told otherwise: 2026-01-05T06:00:00Z. */
const MORNING = Date.UTC(2026, 0, 5, 6)
/** A message is at most so many milliseconds on its way. */
const DELAY = 8

export interface SimulateOptions {
  readonly seed: number
  readonly site: string
  readonly minutes: number
  /** Default `everyMode`: through all modes again and again, with other set points meanwhile. */
  readonly script?: readonly Order[]
  /** When it begins, in milliseconds since the Unix epoch. */
  readonly start?: number
}

/** A message of the honest fleet as a gateway would meet it. */
export interface SimulatedMessage {
  readonly device: string
  readonly role: LabRole
  /** `up` from the device, `down` to it. */
  readonly direction: 'up' | 'down'
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  readonly retain: boolean
  /** Milliseconds since the Unix epoch at which it passes the gateway; never goes back. */
  readonly wall: number
  /** The plant's operating mode then. */
  readonly mode: Mode
}

/**
 * All that the honest fleet says and is told in so many minutes of plant time, in the order in which it would pass a gateway,
 * without network and as fast as it is taken. The same seed gives the same messages.
 */
export function* simulate(options: SimulateOptions): Generator<SimulatedMessage, void, undefined> {
  const { seed, site, minutes, start = MORNING } = options
  const clock = { wall: start }
  const bus = new Bus(clock, new Random(seed + 1))
  const works = new Works(seed, site, 1, (device, _version, will) => {
    will?.()
    return new SimulatedLine(device, site, clock, bus)
  })
  bus.mode = () => works.mode
  for (const line of works.lines.values()) {
    for (const { filter, qos } of works.subscriptions(line.name)) bus.subscribe(line, filter, qos)
    line.begin()
  }
  works.begin(0)
  const script = [...(options.script ?? everyMode(minutes))].sort((a, b) => a.at - b.at)
  for (let now = 0; now < minutes * 60_000; now += TURN) {
    clock.wall = start + now
    works.turn(now)
    for (; script.length > 0 && script[0].at * 1000 <= now; script.shift()) {
      const step = script[0]
      if ('order' in step) works.order(step.order)
      else works.aim(step.target, step.value)
    }
    yield* bus.drain()
  }
}

const roles = new Map(labDevices.map(({ device, role }) => [device, role]))

interface Subscriber {
  readonly line: SimulatedLine
  readonly pattern: RegExp
  readonly qos: 0 | 1
}

/** A broker without a network: whatever is said is heard in the same turn. */
class Bus {
  mode: () => Mode = () => 'shutdown'
  readonly #clock: { readonly wall: number }
  readonly #random: Random
  readonly #subscribers: Subscriber[] = []
  readonly #said: { readonly line: SimulatedLine; readonly message: Outgoing; readonly wall: number }[] = []
  #last = 0

  constructor(clock: { readonly wall: number }, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  subscribe(line: SimulatedLine, filter: string, qos: 0 | 1): void {
    this.#subscribers.push({ line, qos, pattern: new RegExp(`^${filter.replaceAll('+', '[^/]+')}$`) })
  }

  say(line: SimulatedLine, message: Outgoing): void {
    this.#last = Math.max(this.#last, this.#clock.wall + this.#random.next() * DELAY)
    this.#said.push({ line, message, wall: this.#last })
  }

  /** What was said since, each followed by those who are told of it; they may say more. */
  *drain(): Generator<SimulatedMessage, void, undefined> {
    for (let next = this.#said.shift(); next; next = this.#said.shift()) {
      const { line, message, wall } = next
      const mode = this.mode()
      yield { ...message, ...whose(line), direction: 'up', wall, mode }
      for (const { line: other, pattern, qos } of this.#subscribers) {
        if (!pattern.test(message.topic)) continue
        const told = { ...message, ...whose(other), retain: false, qos: message.qos === 0 ? 0 : qos } as const
        yield { ...told, direction: 'down', wall, mode }
        other.hear(message.topic, message.payload)
      }
    }
  }
}

function whose({ name }: SimulatedLine): { device: string; role: LabRole } {
  return { device: name, role: roles.get(name) ?? 'sensor' }
}

/** A line in simulated time. */
class SimulatedLine implements Line {
  readonly name: string
  readonly connected = true
  readonly #site: string
  readonly #clock: { readonly wall: number }
  readonly #bus: Bus
  readonly #births: (() => void)[] = []
  readonly #ears: ((topic: string, payload: Uint8Array) => void)[] = []

  constructor(name: string, site: string, clock: { readonly wall: number }, bus: Bus) {
    this.name = name
    this.#site = site
    this.#clock = clock
    this.#bus = bus
  }

  wall(): number {
    return this.#clock.wall
  }

  topic(leaf: string): string {
    return `${this.#site}/${this.name}/${leaf}`
  }

  send(message: Outgoing, done?: (error?: Error) => void): void {
    this.#bus.say(this, message)
    done?.()
  }

  onSession(birth: () => void): void {
    this.#births.push(birth)
  }

  onMessage(heard: (topic: string, payload: Uint8Array) => void): void {
    this.#ears.push(heard)
  }

  begin(): void {
    for (const birth of this.#births) birth()
  }

  hear(topic: string, payload: Uint8Array): void {
    for (const ear of this.#ears) ear(topic, payload)
  }
}
