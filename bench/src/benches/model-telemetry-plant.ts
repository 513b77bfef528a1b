import { instruments } from '../../../packages/lab/src/fleet/devices.ts'
import { actuate, reading } from '../../../packages/lab/src/fleet/readings.ts'
import { Plant, STEP } from '../../../packages/lab/src/plant/plant.ts'
import { SETPOINTS, type SetpointName } from '../../../packages/lab/src/plant/setpoints.ts'
import { Supervisor } from '../../../packages/lab/src/plant/supervisor.ts'
import { type Matrix, type Random, randomOf } from '../../../packages/learn/src/index.ts'
import type { Process } from '../../../packages/learn/src/robust/telemetry/index.ts'

/** The columns of a row: what the lab's fleet reports, by device. */
export const COLUMNS: readonly string[] = instruments.map(({ device }) => device)

/** The column of a device. */
export function columnOf(device: string): number {
  const column = COLUMNS.indexOf(device)
  if (column < 0) throw new Error(`No instrument is called ${device}`)
  return column
}

/** In a second the operator asks for another set point with this probability: once in five minutes. */
const CHANGE = 1 / 300
const START_UP = 300

/**
 * The lab's plant with its controller, a row a second: the instruments' readings with their noise, to four decimals as the fleet tells them. Once in five minutes or so the operator asks for another
 * set point within its bounds. What is drawn in a second depends on the seed and the second alone, so that copies go on alike.
 */
export class LabProcess implements Process {
  readonly #seed: number
  readonly #plant = new Plant()
  readonly #supervisor = new Supervisor()
  readonly #aims = new Map<SetpointName, number>()
  #second = 0
  #heard: ArrayLike<number>

  constructor(seed: number, from?: LabProcess) {
    this.#seed = seed
    this.#heard = from === undefined ? COLUMNS.map(device => reading(this.#plant, device)) : from.#heard
    if (from === undefined) {
      this.#supervisor.start()
      for (let row = 0; row < START_UP; row++) this.advance(() => {})
      return
    }
    takeOver(this.#plant, from.#plant)
    this.#supervisor.mode = from.#supervisor.mode
    for (const [target, value] of from.#aims) this.#aim(target, value)
    this.#second = from.#second
  }

  copy(): LabProcess {
    return new LabProcess(this.#seed, this)
  }

  truth(column: number): number {
    return reading(this.#plant, COLUMNS[column]!)
  }

  advance(report: (row: Float64Array) => void): Float64Array {
    const random = randomOf(Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(++this.#second, 0x85ebca6b))
    this.#operate(random)
    this.#control()
    for (let i = 0; i < 1 / STEP; i++) this.#plant.step()
    const row = Float64Array.from(instruments, ({ noise }, column) =>
      Number((this.truth(column) + noise * random.normal()).toFixed(4)),
    )
    report(row)
    this.#heard = row
    return row
  }

  #operate(random: Random): void {
    if (random.next() >= CHANGE) return
    const targets = Object.keys(SETPOINTS) as SetpointName[]
    const target = targets[random.below(targets.length)]!
    const { low, high } = SETPOINTS[target]
    this.#aim(target, low + (high - low) * random.next())
  }

  #aim(target: SetpointName, value: number): void {
    this.#aims.set(target, value)
    this.#supervisor.aim(target, value)
  }

  #control(): void {
    const commands = this.#supervisor.decide(
      Object.fromEntries(COLUMNS.map((device, column) => [device, this.#heard[column]])),
    )
    for (const [actuator, value] of Object.entries(commands)) actuate(this.#plant, actuator, Number(value.toFixed(3)))
  }
}

/** Gives a plant the state of another. */
function takeOver(plant: Plant, from: Plant): void {
  const parts = (of: Plant): object[] => [...of.tanks, ...of.pumps, ...of.valves, of.heater]
  const own = parts(plant)
  for (const [i, part] of parts(from).entries()) Object.assign(own[i]!, part)
  const { time, inflow, outflow, received, delivered } = from
  Object.assign(plant, { time, inflow, outflow, received, delivered })
}

/** Seconds of normal operation. */
export function normalRows(seed: number, seconds: number): Matrix {
  const process = new LabProcess(seed)
  const data = new Float32Array(seconds * COLUMNS.length)
  for (let row = 0; row < seconds; row++)
    data.set(
      process.advance(() => {}),
      row * COLUMNS.length,
    )
  return { rows: seconds, columns: COLUMNS.length, data }
}
