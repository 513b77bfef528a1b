import { SETPOINTS, type SetpointName } from './setpoints.ts'
import { clamp } from './units.ts'

/** `stopping` is the short time in which the commands that stop the plant go out; in `shutdown` none are legal. */
export type Mode = 'shutdown' | 'start-up' | 'normal' | 'stopping'

/** The values that the controller has heard of, by device id. */
export type Readings = Readonly<Record<string, number | undefined>>

/** Commands by actuator, each 0 to 1. */
export type Commands = Record<string, number>

const STOPPED: Commands = {
  'valve-1': 0,
  'valve-2': 0,
  'valve-3': 0,
  'valve-4': 0,
  'pump-1': 0,
  'pump-2': 0,
  'heater-1': 0,
}

/**
 * The supervisory control: readings in, commands out. It knows the plant only through its messages, as a real one does.
 * Start-up fills tank by tank and becomes normal operation by itself.
 */
export class Supervisor {
  mode: Mode = 'shutdown'
  readonly #setpoints: Record<SetpointName, number> = {
    feed: SETPOINTS.feed.usual,
    hot: SETPOINTS.hot.usual,
    product: SETPOINTS.product.usual,
    temperature: SETPOINTS.temperature.usual,
  }

  start(): void {
    if (this.mode === 'shutdown') this.mode = 'start-up'
  }

  /** Stops everything; `stopped` says that all the commands for it are out. */
  stop(): void {
    if (this.mode !== 'shutdown') this.mode = 'stopping'
  }

  stopped(): void {
    if (this.mode === 'stopping') this.mode = 'shutdown'
  }

  /** Another value for normal operation to hold. */
  aim(target: SetpointName, value: number): void {
    this.#setpoints[target] = value
  }

  decide(readings: Readings): Commands {
    const feed = readings['level-1']
    const hot = readings['level-2']
    const product = readings['level-3']
    const temperature = readings['temperature-2']
    if (this.mode === 'shutdown') return {}
    if (this.mode === 'stopping') return { ...STOPPED }
    // Without its levels a controller must not act.
    if (feed === undefined || hot === undefined || product === undefined || temperature === undefined) return {}
    return this.mode === 'start-up'
      ? this.#startUp(feed, hot, product, temperature)
      : this.#regulate(feed, hot, product, temperature)
  }

  #startUp(feed: number, hot: number, product: number, temperature: number): Commands {
    const fed = feed > 0.7
    const filled = hot > 0.6
    if (fed && filled && product > 0.5) {
      this.mode = 'normal'
      return this.#regulate(feed, hot, product, temperature)
    }
    return {
      ...STOPPED,
      'valve-1': 1,
      'valve-2': fed ? 1 : 0,
      'pump-1': fed ? 0.75 : 0,
      'valve-3': filled ? 1 : 0,
      'pump-2': filled ? 0.65 : 0,
      'heater-1': filled ? this.#heat(temperature) : 0,
    }
  }

  #regulate(feed: number, hot: number, product: number, temperature: number): Commands {
    const aim = this.#setpoints
    return {
      'valve-1': clamp(0.55 + 2 * (aim.feed - feed), 0, 1),
      'valve-2': 1,
      'pump-1': clamp(0.65 + 0.8 * (aim.hot - hot), 0, 1),
      'valve-3': 1,
      'pump-2': clamp(0.65 + 0.8 * (aim.product - product), 0, 1),
      'valve-4': clamp(0.6 + 1.5 * (product - aim.product), 0, 1),
      // Never heat a tank that is about to run empty: the cut-out is the last defence, not the first.
      'heater-1': hot > 0.3 ? this.#heat(temperature) : 0,
    }
  }

  #heat(temperature: number): number {
    return clamp(0.8 + 0.06 * (this.#setpoints.temperature - temperature), 0, 1)
  }
}
