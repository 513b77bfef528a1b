import type { Vector } from '../vector.ts'
import { connectVectors } from './connect.ts'
import { controlVectors } from './control.ts'
import { filterVectors } from './filters.ts'
import { flagVectors } from './flags.ts'
import { headerVectors } from './header.ts'
import { messageVectors } from './messages.ts'
import { propertyVectors } from './properties.ts'
import { textVectors } from './text.ts'

/** All streams of clients. */
export const vectors: readonly Vector[] = [
  ...textVectors,
  ...flagVectors,
  ...headerVectors,
  ...propertyVectors,
  ...connectVectors,
  ...messageVectors,
  ...filterVectors,
  ...controlVectors,
]
