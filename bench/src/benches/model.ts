import type { Bench } from './bench.ts'
import { modelPoison } from './model-poison.ts'
import { modelTelemetry } from './model-telemetry.ts'

/** What models stand against, part by part. */
const PARTS: Readonly<Record<string, Bench>> = {
  'model-poison': modelPoison,
  'model-telemetry': modelTelemetry,
}

/** Models under attack: each part by itself with `--only`. */
export const model: Bench = async function* (setting) {
  const { only } = setting.options
  for (const [name, part] of Object.entries(PARTS)) if (only === undefined || name.includes(only)) yield* part(setting)
}
