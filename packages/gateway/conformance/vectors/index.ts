import type { Talk } from '../talk.ts'
import type { Vector } from '../vector.ts'
import { authenticationTalks } from './authentication.ts'
import { connectVectors } from './connect.ts'
import { controlVectors } from './control.ts'
import { filterVectors } from './filters.ts'
import { flagVectors } from './flags.ts'
import { headerVectors } from './header.ts'
import { idVectors } from './ids.ts'
import { messageVectors } from './messages.ts'
import { propertyVectors } from './properties.ts'
import { serverTalks } from './server.ts'
import { settledTalks } from './settled.ts'
import { textVectors } from './text.ts'
import { toleratedTalks } from './tolerated.ts'

/** All streams of clients. */
export const vectors: readonly Vector[] = [
  ...textVectors,
  ...flagVectors,
  ...headerVectors,
  ...idVectors,
  ...propertyVectors,
  ...connectVectors,
  ...messageVectors,
  ...filterVectors,
  ...controlVectors,
]

/** All conversations of a client and a server. */
export const talks: readonly Talk[] = [...serverTalks, ...settledTalks, ...authenticationTalks, ...toleratedTalks]
