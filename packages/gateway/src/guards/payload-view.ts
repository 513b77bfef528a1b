import type { Captures } from '@ringwall/wire'
import type { Act } from '../contract/index.ts'
import type { Rule } from '../profile/types.ts'

/** What a worker has read of the act on hand, so that the guards that look into payloads read each of them once. */
export interface PayloadView {
  /** The rule for the act's topic, or null where no profile speaks of it. */
  open(act: Act): Rule | null
  /** Whether the payload of the act opened last is good by its rule. */
  readonly good: boolean
  readonly captures: Captures
}
