import type { Fields } from '../base/fields.ts'
import { distanceFrom } from './distance.ts'
import { forestFrom } from './forest-score.ts'
import { netScorerFrom } from './net-scorer.ts'
import { recordsFrom } from './records.ts'
import { robustFrom } from './robust-distance.ts'
import type { Scorer, ScorerKind } from './scorer.ts'
import { smoothedFrom } from './smooth.ts'
import { weightedFrom } from './weighted.ts'

/** Scores that are of rows themselves, not of other scores. */
const PLAIN: Readonly<Record<Exclude<ScorerKind, 'smoothed'>, (fields: Fields) => Scorer>> = {
  distance: distanceFrom,
  weighted: weightedFrom,
  robust: robustFrom,
  records: recordsFrom,
  forest: forestFrom,
  net: netScorerFrom,
}

/** Makes the scorer that `keep` was called of. Errors: `model_field`, `model_tree`, `shape_wrong`. */
export function scorerFrom(fields: Fields): Scorer {
  const kind = fields.oneOf('kind', [...PLAIN_KINDS, 'smoothed'])
  return kind === 'smoothed' ? smoothedFrom(fields, plainFrom) : PLAIN[kind](fields)
}

const PLAIN_KINDS = Object.keys(PLAIN) as (keyof typeof PLAIN)[]

const plainFrom = (fields: Fields): Scorer => PLAIN[fields.oneOf('kind', PLAIN_KINDS)](fields)
