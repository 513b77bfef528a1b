import { clamp } from './units.ts'

/** W at full power. */
export const HEATER_POWER = 600_000
/** °C at which the cut-out opens. */
const CUT_OUT = 85
/** m of water under which it opens too: a dry heater burns. */
const DRY_LEVEL = 0.15

/** An immersion heater with a cut-out that stays open until the command is back at zero. */
export class Heater {
  /** Share of full power, 0 to 1. */
  command = 0
  tripped = false

  /** W */
  get power(): number {
    return this.tripped ? 0 : clamp(this.command, 0, 1) * HEATER_POWER
  }

  step(temperature: number, level: number): void {
    if (this.command > 0 && (temperature > CUT_OUT || level < DRY_LEVEL)) this.tripped = true
    else if (this.command <= 0) this.tripped = false
  }
}
