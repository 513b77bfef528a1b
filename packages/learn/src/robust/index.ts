export { type BoundaryOptions, boundaryAttack } from './boundary.ts'
export { balancedOf, recallsOf, spreadRows } from './classes.ts'
export { type CoordinateOptions, coordinateSearch } from './coordinate.ts'
export { cutsOf } from './cuts.ts'
export { type Answer, type ExtractionOptions, extract, type Stolen } from './extraction.ts'
export { Feasible, type FeasibleOptions } from './feasible.ts'
export { type HardenOptions, harden } from './harden.ts'
export { type HardenNetOptions, hardenNet } from './harden-net.ts'
export { fgsm, type PgdOptions, pgd } from './pgd.ts'
export type { ColumnRule, LinearRule, Reach } from './rules.ts'
export { type Spread, spreadOf } from './spread.ts'
export {
  type AttackFigure,
  type AttackName,
  firstRows,
  type Strongest,
  type StrongestOptions,
  strongest,
} from './strongest.ts'
export { type Attacked, accuracyOf, type Decider, type Differentiable, marginsOf } from './target.ts'
export { slopeOf, type Whole, wholeOfEnsemble, wholeOfMember } from './whole.ts'
