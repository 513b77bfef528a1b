import { Plant, STEP } from '../plant/plant.ts'
import { Random } from '../random.ts'
import type { LabOptions } from '../types.ts'
import { Actuator } from './actuator.ts'
import { Controller } from './controller.ts'
import { Device, Reporter } from './device.ts'
import { CONTROLLER, instruments, OPERATOR, SPARE } from './devices.ts'
import { actuate, reading } from './readings.ts'
import { Tally } from './tally.ts'

/** Milliseconds between two turns of the plant and its devices. */
const TURN = 20
/** Milliseconds between two decisions of the controller, at a speed of 1. */
const CONTROL = 500
/** A sleeping machine must not make the plant leap. */
const MAX_LAG = 1

/** The honest side of the lab: the plant and all of its devices, each a client of its own behind the gateway. */
export class Fleet {
  readonly plant = new Plant()
  readonly tally = new Tally()
  readonly devices: readonly Device[]
  readonly #reporters: Reporter[] = []
  readonly #actuators = new Map<string, Actuator>()
  readonly #controller: Controller
  readonly #operator: Device
  readonly #speed: number
  #timer: NodeJS.Timeout | undefined
  #last = 0
  #owed = 0
  #controlAt = 0

  /** @param newest the newest MQTT that the broker speaks; devices differ in their own. */
  constructor(options: LabOptions, newest: 4 | 5) {
    const random = new Random(options.seed)
    this.#speed = options.speed ?? 1
    const open = (device: string, own: 4 | 5): Device => {
      const version = newest === 4 ? 4 : own
      const { gateway, site, credentials } = options
      return new Device({ gateway, site, device, credentials: credentials[device], version, reconnect: true })
    }
    for (const instrument of instruments) {
      const name = instrument.device
      const device = open(name, random.next() < 0.5 ? 4 : 5)
      const phase = random.next() * (1000 / instrument.rate / this.#speed)
      this.#reporters.push(new Reporter(device, instrument, options.site, random, this.tally, phase))
      if (instrument.role === 'actuator')
        this.#actuators.set(name, new Actuator(device, value => actuate(this.plant, name, value)))
    }
    const controller = open(CONTROLLER, 5)
    this.#controller = new Controller(controller, options.site)
    this.#operator = open(OPERATOR, 5)
    const spare = open(SPARE, 5)
    this.devices = [...this.#reporters.map(({ device }) => device), controller, this.#operator, spare]
  }

  /** Connects everybody, then sets the plant going. */
  async start(): Promise<void> {
    await Promise.all(this.devices.map(device => device.ready()))
    await Promise.all([...this.#actuators.values()].map(actuator => actuator.ready()))
    await this.#controller.ready()
    for (const leaf of ['telemetry', 'state', 'alarm', 'status'])
      await this.#operator.client.subscribeAsync(this.#operator.topic(leaf).replace(OPERATOR, '+'), { qos: 0 })
    const now = performance.now()
    this.#last = now
    this.#controlAt = now
    for (const reporter of this.#reporters) reporter.due += now
    this.#timer = setInterval(() => this.#turn(performance.now()), TURN)
    this.order('start')
  }

  /** The operator tells the controller to start or to stop the plant. */
  order(order: 'start' | 'stop'): void {
    const topic = this.#operator.topic('set').replace(OPERATOR, CONTROLLER)
    this.#operator.publish(topic, { ts: Date.now(), source: OPERATOR, order }, 1)
  }

  get mode() {
    return this.#controller.supervisor.mode
  }

  get connected(): number {
    return this.devices.filter(device => device.connected).length
  }

  get dropped(): number {
    return this.devices.reduce((sum, device) => sum + device.dropped, 0)
  }

  /** How many commands of this source the actuators have obeyed. */
  obeyed(source: string): number {
    let count = 0
    for (const actuator of this.#actuators.values()) count += actuator.obeyed.get(source) ?? 0
    return count
  }

  /** Stops reporting; sessions stay, so that what is on its way can arrive. */
  quiet(): void {
    clearInterval(this.#timer)
  }

  async end(): Promise<void> {
    this.quiet()
    await Promise.all(this.devices.map(device => device.end()))
  }

  #turn(now: number): void {
    this.#owed = Math.min(this.#owed + ((now - this.#last) / 1000) * this.#speed, MAX_LAG * this.#speed)
    this.#last = now
    for (; this.#owed >= STEP; this.#owed -= STEP) this.plant.step()
    for (const reporter of this.#reporters) {
      if (reporter.due > now) continue
      const { device, rate } = reporter.instrument
      // From now on rather than from when it was due: a device that was late must not catch up in a burst.
      reporter.due = Math.max(reporter.due + 1000 / rate / this.#speed, now)
      reporter.report(reading(this.plant, device))
    }
    if (now >= this.#controlAt) {
      this.#controlAt = now + CONTROL / this.#speed
      this.#controller.control(now)
    }
  }
}
