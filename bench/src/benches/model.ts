import type { Bench } from './bench.ts'
import { modelSessions } from './model-sessions.ts'
import { modelWatermark } from './model-watermark.ts'

/** Models as they are used, on what a gateway sees, beside the field's own; and what protects them: how much of it holds, and what it costs. */
export const model: Bench = async function* (setting) {
  yield* modelSessions(setting)
  yield* modelWatermark(setting)
}
