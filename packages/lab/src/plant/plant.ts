import { Heater } from './heater.ts'
import { Pump } from './pump.ts'
import { Tank } from './tank.ts'
import { hydrostatic } from './units.ts'
import { Valve } from './valve.ts'

/** Seconds of one step. Fixed, so that a trajectory depends on nothing but its commands. */
export const STEP = 0.05

/** m³/s through the fully open inlet from the main, which stands 10 m above. */
const INLET = 0.0126
/** m³/s through the fully open outlet at 1 m of level. */
const OUTLET = 0.012
const SUPPLY_TEMPERATURE = 15
const AIR_TEMPERATURE = 20
/** W/K from a tank to the air. */
const LOSS = 60

/**
 * Main, valve-1, tank 1, pump-1, valve-2, tank 2 with heater-1, pump-2, valve-3, tank 3, valve-4, consumer.
 * Volumes in m³, flows in m³/s, levels in m. Deterministic: no noise here, that belongs to the sensors.
 */
export class Plant {
  readonly tanks: readonly [Tank, Tank, Tank] = [
    new Tank(0.4, 2, 0.6, SUPPLY_TEMPERATURE),
    new Tank(0.4, 2, 0.5, 20),
    new Tank(0.4, 2, 0.4, 20),
  ]
  readonly pumps: readonly [Pump, Pump] = [new Pump(), new Pump()]
  readonly valves: readonly [Valve, Valve, Valve, Valve] = [new Valve(), new Valve(), new Valve(), new Valve()]
  readonly heater = new Heater()
  /** Seconds since the beginning. */
  time = 0
  inflow = 0
  outflow = 0
  /** m³ since the beginning. */
  received = 0
  delivered = 0

  /** One step of `STEP` seconds. */
  step(): void {
    const [feed, hot, product] = this.tanks
    const [lift, transfer] = this.pumps
    const [inlet, between, after, outlet] = this.valves
    for (const valve of this.valves) valve.step(STEP)

    this.inflow = INLET * inlet.position
    lift.step(STEP, feed.level, hot.level, between.position, feed.volume)
    transfer.step(STEP, hot.level, product.level, after.position, hot.volume)
    this.outflow = Math.min(OUTLET * outlet.position * Math.sqrt(product.level), product.volume / STEP)
    this.heater.step(hot.temperature, hot.level)

    const feedTemperature = feed.temperature
    const hotTemperature = hot.temperature
    feed.step(STEP, this.inflow, SUPPLY_TEMPERATURE, lift.flow, loss(feed))
    hot.step(STEP, lift.flow, feedTemperature, transfer.flow, this.heater.power + loss(hot))
    product.step(STEP, transfer.flow, hotTemperature, this.outflow, loss(product))

    this.time += STEP
    this.received += this.inflow * STEP
    this.delivered += this.outflow * STEP
  }

  /** The pressure on the floor of the first tank, kPa. */
  get floorPressure(): number {
    return hydrostatic(this.tanks[0].level)
  }

  /** What a board should show in red. */
  get conditions(): string[] {
    const found: string[] = []
    this.tanks.forEach((tank, i) => {
      if (tank.overflowing) found.push(`tank-${i + 1} overflows`)
    })
    this.pumps.forEach((pump, i) => {
      if (pump.dry) found.push(`pump-${i + 1} runs dry`)
      else if (pump.cavitation > 0.2) found.push(`pump-${i + 1} cavitates`)
    })
    if (this.heater.tripped) found.push('heater-1 has cut out')
    return found
  }
}

function loss(tank: Tank): number {
  return LOSS * (AIR_TEMPERATURE - tank.temperature)
}
