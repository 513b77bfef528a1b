import type { Bench, Setting } from './bench.ts'
import { modelEnsemble } from './model-ensemble.ts'
import { modelRobust } from './model-robust.ts'
import { modelRobustSpeed } from './model-robust-speed.ts'

/** Each part, in its order. */
const PARTS: readonly ((setting: Setting) => ReturnType<Bench>)[] = [modelEnsemble, modelRobustSpeed, modelRobust]

/** How good models are on open data, and how they stand against those who study them, beside peers in the same run. */
export const model: Bench = async function* (setting) {
  for (const part of PARTS) yield* part(setting)
}
