import { SealView } from '@ringwall/proof'

/** A seal whose MAC may have been worked out ahead of its act, together with those of other messages. */
export class AheadView extends SealView {
  /** Whose key it was; null where it was not worked out. */
  by: object | null = null
  slot = -1
  /** How often that slot had changed hands. */
  turn = 0
  /** One of `Mac`. */
  mac = 0
}
