import { approach, clamp, hydrostatic } from './units.ts'

/** Shut-off head at full speed, m. */
const HEAD = 25
/** Loss inside the pump, m/(m³/s)². */
const INNER_LOSS = 8e4
/** Loss of the pipe with its valve fully open, m/(m³/s)². */
const PIPE_LOSS = 8e4
/** How far the pipe rises above the tanks' floors, m. */
const LIFT = 2
/** Below so much water above the inlet the pump begins to cavitate, m. */
const SUCTION_NEEDED = 0.3
/** Below so much it draws air, m. */
const DRY_LEVEL = 0.03
/** Full speed is reached in 4 s. */
const RAMP = 0.25

/** A centrifugal pump on a frequency converter, with the valve behind it. */
export class Pump {
  /** Commanded share of full speed, 0 to 1. */
  command = 0
  speed = 0
  /** m³/s */
  flow = 0
  /** Behind the pump, kPa over the air's. */
  pressure = 0
  /** 0 to 1 */
  cavitation = 0
  dry = false

  get running(): boolean {
    return this.speed > 0.02
  }

  /** mm/s RMS at the bearing: grows with speed, and much with cavitation. */
  get vibration(): number {
    return 0.3 + 3 * this.speed ** 2 + 7 * this.cavitation
  }

  step(dt: number, suction: number, discharge: number, valve: number, available: number): void {
    this.speed = approach(this.speed, clamp(this.command, 0, 1), RAMP * dt)
    this.cavitation = clamp((SUCTION_NEEDED - suction) / SUCTION_NEEDED, 0, 1) * this.speed
    this.dry = this.running && suction < DRY_LEVEL
    const head = HEAD * this.speed ** 2 + suction - discharge - LIFT
    const ideal = valve > 0.01 && head > 0 ? Math.sqrt(head / (INNER_LOSS + PIPE_LOSS / valve ** 2)) : 0
    this.flow = Math.min(ideal * (1 - 0.7 * this.cavitation), available / dt)
    const raised = HEAD * this.speed ** 2 * (1 - 0.7 * this.cavitation) - INNER_LOSS * this.flow ** 2
    this.pressure = hydrostatic(Math.max(0, raised) + suction)
  }
}
