import type { Bench } from './bench.ts'
import { qualityChange } from './quality-change.ts'
import { qualityFleet } from './quality-fleet.ts'
import { qualitySanitize } from './quality-sanitize.ts'
import { qualitySeries } from './quality-series.ts'

/** How well anomalies and changes are found on open data, beside baselines in the same run; and what a fleet costs. */
export const quality: Bench = async function* (setting) {
  yield* qualitySeries(setting)
  yield* qualityChange(setting)
  yield* qualitySanitize(setting)
  yield* qualityFleet(setting)
}
