import { farewell, type Line, type Outgoing, type Subscription } from './fleet/line.ts'
import type { Bus, Listener } from './simulated-bus.ts'

/** The acknowledgement of a message that is older than so many milliseconds has come. */
const ACKNOWLEDGED = 600

/** A line in simulated time. */
export class SimulatedLine implements Line, Listener {
  readonly name: string
  connected = false
  /** What it subscribes to in every session. */
  subscriptions: readonly Subscription[] = []
  readonly #site: string
  readonly #clock: { readonly wall: number }
  readonly #bus: Bus
  readonly #will: (wall: number) => Outgoing
  readonly #births: (() => void)[] = []
  readonly #ears: ((topic: string, payload: Uint8Array) => void)[] = []
  #unacknowledged: { readonly message: Outgoing; readonly sent: number } | null = null

  /** @param will its last will, where it is no ordinary one. */
  constructor(
    name: string,
    site: string,
    clock: { readonly wall: number },
    bus: Bus,
    will?: (wall: number) => Outgoing,
  ) {
    this.name = name
    this.#site = site
    this.#clock = clock
    this.#bus = bus
    this.#will = will ?? (() => farewell(this))
  }

  wall(): number {
    return this.#clock.wall
  }

  topic(leaf: string): string {
    return `${this.#site}/${this.name}/${leaf}`
  }

  send(message: Outgoing, done?: (error?: Error) => void): void {
    if (!this.connected) return done?.(new Error(`${this.name} has no connection`))
    this.#bus.say(this, message)
    if (message.qos > 0) this.#unacknowledged = { message, sent: this.wall() }
    done?.()
  }

  onSession(birth: () => void): void {
    this.#births.push(birth)
  }

  onMessage(heard: (topic: string, payload: Uint8Array) => void): void {
    this.#ears.push(heard)
  }

  /**
   * Connects with a new will, and says what a device says at the beginning of a session.
   * @param resends whether it sends again the QoS 1 message whose acknowledgement the loss of the connection took
   */
  begin(resends = false): void {
    this.connected = true
    this.#bus.open(this, this.#will(this.wall()))
    const again = resends ? this.#unacknowledged : null
    if (again) this.#bus.say(this, again.message, true)
    for (const birth of this.#births) birth()
  }

  /** Loses its connection; the broker says its will. */
  lose(): void {
    this.connected = false
    if (this.#unacknowledged && this.wall() - this.#unacknowledged.sent > ACKNOWLEDGED) this.#unacknowledged = null
    this.#bus.close(this)
  }

  hear(topic: string, payload: Uint8Array): void {
    for (const ear of this.#ears) ear(topic, payload)
  }
}
