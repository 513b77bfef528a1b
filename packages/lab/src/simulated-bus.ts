import { type LabRole, labDevices } from './fleet/devices.ts'
import type { Outgoing, Subscription } from './fleet/line.ts'
import type { Mode } from './plant/supervisor.ts'
import type { Random } from './random.ts'

/** A message is at most so many milliseconds on its way. */
const DELAY = 8

/** What the honest fleet does, as a gateway would meet it. */
export interface SimulatedAct {
  readonly device: string
  readonly role: LabRole
  /**
   * `connect` opens a session and has no message; `will` is the message that it leaves; `receive` is what a device is told. `loss`
   * is the end of a connection without a DISCONNECT: nothing passes the gateway then, and the broker publishes the will that the act has.
   */
  readonly action: 'connect' | 'will' | 'publish' | 'receive' | 'loss'
  /** `up` from the device, `down` to it. */
  readonly direction: 'up' | 'down'
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  readonly retain: boolean
  /** Sent again after a connection broke. */
  readonly dup: boolean
  /** Milliseconds since the Unix epoch at which it passes the gateway; never goes back. */
  readonly wall: number
  /** The plant's operating mode then. */
  readonly mode: Mode
}

/** Who speaks and hears over the bus. */
export interface Listener {
  readonly name: string
  /** What it subscribes to in every session. */
  readonly subscriptions: readonly Subscription[]
  hear(topic: string, payload: Uint8Array): void
}

interface Said {
  readonly action: Exclude<SimulatedAct['action'], 'receive'>
  readonly line: Listener
  readonly message: Outgoing
  readonly dup: boolean
  readonly wall: number
}

interface Ear {
  readonly pattern: RegExp
  readonly qos: 0 | 1
}

const roles = new Map(labDevices.map(({ device, role }) => [device, role]))
const NOTHING: Outgoing = { topic: '', payload: new Uint8Array(0), qos: 0, retain: false }

/** A broker without a network: whatever is said is heard in the same turn. It keeps retained messages and wills. */
export class Bus {
  mode: () => Mode = () => 'shutdown'
  readonly #clock: { readonly wall: number }
  readonly #random: Random
  readonly #ears = new Map<Listener, readonly Ear[]>()
  readonly #wills = new Map<Listener, Outgoing>()
  readonly #retained = new Map<string, Outgoing>()
  readonly #said: Said[] = []
  #last = 0

  constructor(clock: { readonly wall: number }, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  open(line: Listener, will: Outgoing): void {
    this.#note('connect', line, NOTHING)
    this.#note('will', line, will)
  }

  say(line: Listener, message: Outgoing, dup = false): void {
    this.#note('publish', line, message, dup)
  }

  close(line: Listener): void {
    this.#note('loss', line, NOTHING)
  }

  /** What was done since, each message followed by those who are told of it; they may say more. */
  *drain(): Generator<SimulatedAct, void, undefined> {
    for (let next = this.#said.shift(); next; next = this.#said.shift()) {
      const { line, action, dup, wall } = next
      const will = this.#wills.get(line) ?? NOTHING
      const message = action === 'loss' ? will : next.message
      yield { ...message, ...whose(line), action, direction: 'up', dup, wall, mode: this.mode() }
      if (action === 'connect') continue
      if (action === 'will') {
        this.#wills.set(line, message)
        this.#ears.set(line, line.subscriptions.map(earOf))
        for (const kept of this.#retained.values()) yield* this.#tell(line, kept, true, wall)
        continue
      }
      if (action === 'loss') this.#ears.delete(line)
      if (message.retain) this.#retained.set(message.topic, message)
      for (const other of [...this.#ears.keys()]) yield* this.#tell(other, message, false, wall)
    }
  }

  *#tell(line: Listener, message: Outgoing, retain: boolean, wall: number): Generator<SimulatedAct> {
    const ear = this.#ears.get(line)?.find(({ pattern }) => pattern.test(message.topic))
    if (ear === undefined) return
    const qos = message.qos === 0 ? 0 : ear.qos
    const told = { ...message, retain, qos, dup: false, action: 'receive', direction: 'down' } as const
    yield { ...told, ...whose(line), wall, mode: this.mode() }
    line.hear(message.topic, message.payload)
  }

  #note(action: Said['action'], line: Listener, message: Outgoing, dup = false): void {
    this.#last = Math.max(this.#last, this.#clock.wall + this.#random.next() * DELAY)
    this.#said.push({ action, line, message, dup, wall: this.#last })
  }
}

function earOf({ filter, qos }: Subscription): Ear {
  return { qos, pattern: new RegExp(`^${filter.replaceAll('+', '[^/]+')}$`) }
}

function whose({ name }: Listener): { device: string; role: LabRole } {
  return { device: name, role: roles.get(name) ?? 'sensor' }
}
