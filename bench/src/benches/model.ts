import type { Bench } from './bench.ts'
import { modelEnsemble } from './model-ensemble.ts'
import { modelExported } from './model-exported.ts'
import { modelHardenedSessions } from './model-hardened-sessions.ts'
import { modelPoison } from './model-poison.ts'
import { modelRobust } from './model-robust.ts'
import { modelRobustSpeed } from './model-robust-speed.ts'
import { modelSessions } from './model-sessions.ts'
import { modelTelemetry } from './model-telemetry.ts'
import { modelWatermark } from './model-watermark.ts'

interface Part {
  readonly name: string
  readonly bench: Bench
  /** Whether it lets `--only` choose among its cases. */
  readonly hasCases: boolean
}

const PARTS: readonly Part[] = [
  { name: 'model-poison', bench: modelPoison, hasCases: false },
  { name: 'model-telemetry', bench: modelTelemetry, hasCases: false },
  { name: 'model-sessions', bench: modelSessions, hasCases: false },
  { name: 'model-hardened-sessions', bench: modelHardenedSessions, hasCases: false },
  { name: 'model-watermark', bench: modelWatermark, hasCases: true },
  { name: 'model-ensemble', bench: modelEnsemble, hasCases: true },
  { name: 'model-robust-speed', bench: modelRobustSpeed, hasCases: false },
  { name: 'model-robust', bench: modelRobust, hasCases: false },
  { name: 'model-exported', bench: modelExported, hasCases: false },
]

/** Models against those who study them, and at what they are for, on open data and beside baselines in the same run. `--only` names a part, or a case of one. */
export const model: Bench = async function* (setting) {
  const { only } = setting.options
  const named = PARTS.filter(({ name }) => only === undefined || name.includes(only))
  const whole = { ...setting, options: { ...setting.options, only: undefined } }
  for (const { bench } of named) yield* bench(whole)
  if (named.length === 0) for (const { bench, hasCases } of PARTS) if (hasCases) yield* bench(setting)
}
