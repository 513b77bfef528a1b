import { DENSITY, HEAT_CAPACITY } from './units.ts'

/** An upright tank, open at the top: what does not fit runs over. */
export class Tank {
  /** m² */
  readonly area: number
  /** m */
  readonly height: number
  /** m³ */
  volume: number
  /** °C, perfectly mixed */
  temperature: number
  /** m³ that ran over since the beginning */
  spilled = 0
  overflowing = false

  constructor(area: number, height: number, level: number, temperature: number) {
    this.area = area
    this.height = height
    this.volume = area * level
    this.temperature = temperature
  }

  /** m */
  get level(): number {
    return this.volume / this.area
  }

  /**
   * Mass and energy balance over `dt` seconds.
   * @param inflow m³/s, at `inflowTemperature` °C
   * @param outflow m³/s, at the tank's own temperature; the caller has made sure that the tank holds it
   * @param heat W, less what is lost to the air
   */
  step(dt: number, inflow: number, inflowTemperature: number, outflow: number, heat: number): void {
    const entered = inflow * dt
    const held = this.volume + entered
    if (held > 1e-9) {
      const mixed = (this.volume * this.temperature + entered * inflowTemperature) / held
      this.temperature = mixed + (heat * dt) / (held * DENSITY * HEAT_CAPACITY)
    }
    const left = Math.max(0, held - outflow * dt)
    const capacity = this.area * this.height
    this.overflowing = left > capacity
    if (this.overflowing) this.spilled += left - capacity
    this.volume = Math.min(left, capacity)
  }
}
