import { issueAll } from '../base/certificates.ts'
import type { Bench } from './bench.ts'

import { saturated } from './path-saturated.ts'

/** What the straight way costs: saturated, paced, and in time, beside mosquitto and haproxy. */
export const path: Bench = async function* (setting) {
  issueAll(setting.folder, 64)
  const { only } = setting.options
  if (only === undefined || 'saturated'.includes(only) || /^B|qos/i.test(only)) yield* saturated(setting)
}
