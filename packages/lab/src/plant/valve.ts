import { approach, clamp } from './units.ts'

/** Full travel in 5 s. */
const TRAVEL = 0.2

/** A control valve: position follows its command at the drive's pace. */
export class Valve {
  /** 0 shut, 1 open. */
  command: number
  position: number

  constructor(position = 0) {
    this.command = position
    this.position = position
  }

  step(dt: number): void {
    this.position = approach(this.position, clamp(this.command, 0, 1), TRAVEL * dt)
  }
}
