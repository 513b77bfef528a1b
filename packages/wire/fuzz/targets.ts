import { payload } from './payload/payload.ts'
import { replay } from './replay/replay.ts'
import type { Target } from './target.ts'
import { wire } from './wire.ts'

export const targets: readonly Target[] = [wire, payload, replay]
