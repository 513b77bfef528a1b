import { LearnError } from '../base/error.ts'
import type { LoadedModel, ModelRecord } from '../io/index.ts'
import { NetModel } from '../nets/index.ts'
import { type BitsReading, readBits } from './bits.ts'
import type { WatermarkKey } from './key.ts'
import { AS_CLAIMED, type Naming } from './naming.ts'
import type { TriggerSpace } from './space.ts'
import { readTriggers, type TriggerReading } from './triggers.ts'

/** A mark is there where chance explains it less often than this: with what a try costs (see `WatermarkKey.derive`) nobody finds a key that fits by chance. */
export const LEVEL = 2 ** -64
/** Below this it is no chance find among the models that somebody looks through, and yet one that a patient searcher of keys can make. */
export const HINT_LEVEL = 1e-9

/** Why a model could not be asked for triggers. */
export interface Unasked {
  readonly code: string
  readonly what: string
}

/** Whether a model carries a key's mark, and by what. */
export interface Verdict {
  /** p is below 2^-64. */
  readonly verified: boolean
  /** p is not, though below 1e-9. */
  readonly isHint: boolean
  /** The smaller chance of both marks, times how many were looked for (Bonferroni). */
  readonly p: number
  /** null where the model has no layer that carries bits. */
  readonly bits: BitsReading | null
  /** null where the model could not be asked. */
  readonly triggers: TriggerReading | null
  /** Why it could not; null where it could. */
  readonly unasked: Unasked | null
}

/** What keeps a model from being asked for triggers, and not from having its bits read. */
const UNASKED = [
  'column_kind',
  'not_a_classifier',
  'samples_not_finite',
  'watermark_classes',
  'watermark_columns',
  'watermark_rows',
]
const CLASSIFIERS: readonly string[] = [
  'attack-detector',
  'boosted-trees',
  'ensemble',
  'mlp-classifier',
  'random-forest',
]

/**
 * Looks for a key's mark in a model: its bits in the weights of a net, its triggers in what any classifier says. Both chances are over the draw of the key, and so
 * hold for every model there is; whoever tries n keys multiplies them by n. Errors: `watermark_space`, `watermark_naming`.
 */
export async function verifyMark(
  model: ModelRecord | LoadedModel,
  key: WatermarkKey,
  space: TriggerSpace | null,
  naming: Naming = AS_CLAIMED,
): Promise<Verdict> {
  const own = model.model.model
  const bits = own instanceof NetModel ? await readBits(own, key) : null
  const { triggers, unasked } = await asked(model, key, space, naming)
  const found = [bits, triggers].flatMap(each => (each === null ? [] : [each.p]))
  const p = found.length === 0 ? 1 : Math.min(1, found.length * Math.min(...found))
  const verified = p < LEVEL
  return { verified, isHint: !verified && p < HINT_LEVEL, p, bits, triggers, unasked }
}

async function asked(
  model: ModelRecord | LoadedModel,
  key: WatermarkKey,
  space: TriggerSpace | null,
  naming: Naming,
): Promise<Pick<Verdict, 'triggers' | 'unasked'>> {
  const { kind } = model.model
  if (!CLASSIFIERS.includes(kind) || model.classes.length === 0)
    return unaskedFor('not_a_classifier', `a model of kind ${kind} tells no classes of rows`)
  if (space === null)
    return unaskedFor('claim_missing', 'neither the model nor a claim says what triggers are drawn from')
  try {
    return { triggers: await readTriggers(model, key, space, naming), unasked: null }
  } catch (error) {
    if (error instanceof LearnError && UNASKED.includes(error.code)) return unaskedFor(error.code, error.message)
    throw error
  }
}

const unaskedFor = (code: string, what: string) => ({ triggers: null, unasked: { code, what } })
