import { LearnError } from '../base/error.ts'
import type { LoadedModel, ModelRecord } from '../io/index.ts'
import { NetModel } from '../nets/index.ts'
import { type BitsReading, readBits } from './bits.ts'
import type { WatermarkKey } from './key.ts'
import type { TriggerSpace } from './space.ts'
import { readTriggers, type TriggerReading } from './triggers.ts'

/** A mark is there where chance explains it less often than this. */
export const LEVEL = 1e-9

/** Whether a model carries a key's mark, and by what. */
export interface Verdict {
  readonly verified: boolean
  /** The smaller chance of both marks, times how many were looked for (Bonferroni). */
  readonly p: number
  /** null where the model has no layer that carries bits. */
  readonly bits: BitsReading | null
  /** null where the model could not be asked. */
  readonly triggers: TriggerReading | null
  /** Why it could not; null where it could. */
  readonly unasked: string | null
}

/** What keeps a model from being asked for triggers, and not from having its bits read: other columns, or no classes. */
const UNASKED = ['column_unknown', 'column_kind', 'not_a_classifier']

/**
 * Looks for a key's mark in a model: its bits in the weights of a net, its triggers in what any classifier says. Both chances are over the draw of the key, and so
 * hold for every model there is; whoever tries n keys multiplies them by n. Error: `watermark_space`.
 */
export async function verifyMark(
  model: ModelRecord | LoadedModel,
  key: WatermarkKey,
  space: TriggerSpace | null,
): Promise<Verdict> {
  const own = model.model.model
  const bits = own instanceof NetModel ? await readBits(own, key) : null
  const { triggers, unasked } = await asked(model, key, space)
  const found = [bits, triggers].flatMap(each => (each === null ? [] : [each.p]))
  const p = found.length === 0 ? 1 : Math.min(1, found.length * Math.min(...found))
  return { verified: p < LEVEL, p, bits, triggers, unasked }
}

async function asked(
  model: ModelRecord | LoadedModel,
  key: WatermarkKey,
  space: TriggerSpace | null,
): Promise<Pick<Verdict, 'triggers' | 'unasked'>> {
  if (space === null)
    return { triggers: null, unasked: 'neither the model nor a claim says what triggers are drawn from' }
  try {
    return { triggers: await readTriggers(model, key, space), unasked: null }
  } catch (error) {
    if (error instanceof LearnError && UNASKED.includes(error.code)) return { triggers: null, unasked: error.message }
    throw error
  }
}
