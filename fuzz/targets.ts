import { rules } from '../packages/gateway/fuzz/rules.ts'
import type { Target } from '../packages/wire/fuzz/target.ts'
import { targets as wire } from '../packages/wire/fuzz/targets.ts'
import { seal } from './seal.ts'

/** What can be fuzzed, of all packages. */
export const targets: readonly Target[] = [...wire, rules, seal]
