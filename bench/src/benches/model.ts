import type { Bench, Setting } from './bench.ts'
import { modelEnsemble } from './model-ensemble.ts'

/** Each part, in its order. */
const PARTS: readonly ((setting: Setting) => ReturnType<Bench>)[] = [modelEnsemble]

/** How good models are on open data, beside peers in the same run. */
export const model: Bench = async function* (setting) {
  for (const part of PARTS) yield* part(setting)
}
