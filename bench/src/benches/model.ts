import type { Bench } from './bench.ts'
import { modelRobustSpeed } from './model-robust-speed.ts'

/** How models stand against those who study them, on open data, beside baselines in the same run. */
export const model: Bench = async function* (setting) {
  yield* modelRobustSpeed(setting)
}
