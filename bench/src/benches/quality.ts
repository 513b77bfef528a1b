import type { Bench } from './bench.ts'
import { qualityChange } from './quality-change.ts'
import { qualityChangeNoise } from './quality-change-noise.ts'
import { qualityFleet } from './quality-fleet.ts'
import { qualitySanitize } from './quality-sanitize.ts'
import { qualitySanitizeReal } from './quality-sanitize-real.ts'
import { qualitySeries } from './quality-series.ts'

/** How well anomalies and changes are found on open data, beside baselines in the same run; what a change detector makes of noise and cleaning of made and of real sensors, and what a fleet costs. */
export const quality: Bench = async function* (setting) {
  yield* qualitySeries(setting)
  yield* qualityChange(setting)
  yield* qualityChangeNoise(setting)
  yield* qualitySanitize(setting)
  yield* qualitySanitizeReal(setting)
  yield* qualityFleet(setting)
}
