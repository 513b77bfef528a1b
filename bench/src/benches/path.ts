import { issueAll } from '../base/certificates.ts'
import type { Bench } from './bench.ts'
import { latency } from './path-latency.ts'
import { paced } from './path-paced.ts'
import { saturated } from './path-saturated.ts'

/** What the straight way costs: saturated, paced, and in time, beside mosquitto and haproxy. */
export const path: Bench = async function* (setting) {
  issueAll(setting.folder, 64)
  const { only } = setting.options
  if (only === undefined || only === 'saturated' || only.startsWith('B')) yield* saturated(setting)
  if (only === undefined || only === 'paced') yield* paced(setting)
  if (only === undefined || only === 'latency') yield* latency(setting)
}
