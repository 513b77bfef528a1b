import type { SealedDevice } from '@ringwall/device'
import type { Plant } from '../plant/plant.ts'
import type { LabOptions } from '../types.ts'
import { Device } from './device.ts'
import { reading } from './readings.ts'
import { openSealed } from './sealed.ts'
import { TURN, Works } from './works.ts'

/** The honest side of the lab, live: the plant and all of its devices, each a client of its own behind the gateway. */
export class Fleet {
  readonly works: Works<Device>
  /** What the devices seal with that do. */
  readonly sealers: ReadonlyMap<string, SealedDevice>
  readonly #thefts = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | undefined

  /** @param newest the newest MQTT that the broker speaks; devices differ in their own. */
  constructor(options: LabOptions, newest: 4 | 5) {
    const { gateway, site, credentials, seed, speed = 1, seals = {} } = options
    this.sealers = openSealed(seals)
    this.works = new Works(seed, site, speed, (device, own, will) => {
      const version = newest === 4 ? 4 : own
      const mine = { gateway, site, device, credentials: credentials[device], version, reconnect: true }
      const sealer = this.sealers.get(device)
      return new Device({ ...mine, ...(sealer && { sealer }), ...(will && { will: () => will(Date.now()) }) })
    })
  }

  /** Connects everybody, then sets the plant going. */
  async start(): Promise<void> {
    await Promise.all(this.devices.map(device => device.ready()))
    await Promise.all(this.devices.map(device => this.#subscribe(device)))
    this.works.begin(performance.now())
    this.#timer = setInterval(() => this.works.turn(performance.now()), TURN)
    this.works.order('start')
  }

  get devices(): Device[] {
    return [...this.works.lines.values()]
  }

  get plant(): Plant {
    return this.works.plant
  }

  get mode() {
    return this.works.mode
  }

  get tally() {
    return this.works.tally
  }

  get connected(): number {
    return this.devices.filter(device => device.connected).length
  }

  get dropped(): number {
    return this.devices.reduce((sum, device) => sum + device.dropped, 0)
  }

  /** The true value behind a device's reading, in its unit. */
  truth(device: string): number {
    return reading(this.plant, device)
  }

  /** How many commands of this source, or with this trace, the actuators have obeyed. */
  obeyed(source: string): number {
    let count = 0
    for (const actuator of this.works.actuators.values()) count += actuator.obeyed.get(source) ?? 0
    return count
  }

  /**
   * Silences a device whose key has been stolen, for as long as its place is taken; whoever comes meanwhile for the same
   * device waits. Its absence counts neither as loss nor as a dropped session. @returns what brings the device back.
   */
  async displace(name: string): Promise<() => Promise<void>> {
    const before = this.#thefts.get(name)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#thefts.set(
      name,
      (before ?? Promise.resolve()).then(() => promise),
    )
    await before
    const device = this.works.lines.get(name)
    if (!device) throw new Error(`No honest device is called ${name}`)
    await device.pause()
    return async () => {
      await device.resume().finally(resolve)
    }
  }

  /** Stops reporting; sessions stay, so that what is on its way can arrive. */
  quiet(): void {
    clearInterval(this.#timer)
  }

  async end(): Promise<void> {
    this.quiet()
    await Promise.all(this.devices.map(device => device.end()))
    for (const sealer of this.sealers.values()) sealer.close()
  }

  async #subscribe(device: Device): Promise<void> {
    for (const subscription of this.works.subscriptions(device.name)) await device.subscribe(subscription)
  }
}
