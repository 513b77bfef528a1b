import type { Bench } from './bench.ts'
import { modelSessions } from './model-sessions.ts'

/** Models as they are used: on what a gateway sees, beside the field's own. */
export const model: Bench = async function* (setting) {
  yield* modelSessions(setting)
}
