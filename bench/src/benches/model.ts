import type { Bench } from './bench.ts'
import { modelWatermark } from './model-watermark.ts'

/** What protects a model: how much of it holds, and what it costs. */
export const model: Bench = async function* (setting) {
  yield* modelWatermark(setting)
}
