export { type BoundaryOptions, boundaryAttack } from './boundary.ts'
export { type CoordinateOptions, coordinateSearch, cutsOf } from './coordinate.ts'
export { type Answer, type ExtractionOptions, extract, type Stolen } from './extraction.ts'
export { type ColumnRule, Feasible, type FeasibleOptions, type LinearRule, type Reach } from './feasible.ts'
export { type HardenOptions, harden } from './harden.ts'
export { type HardenNetOptions, hardenNet } from './harden-net.ts'
export { fgsm, type PgdOptions, pgd } from './pgd.ts'
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
