import { LearnError } from '../../base/error.ts'
import {
  BoostedMember,
  type Calibration,
  Doubts,
  Ensemble,
  ForestMember,
  NetMember,
  Novelty,
  type OwnMember,
  type Scaling,
  type Tail,
} from '../../ensemble/index.ts'
import type { AnyModel, Parts } from './any.ts'
import {
  arraysBehind,
  floats,
  neighborArrays,
  neighborsOf,
  numbersOf,
  scalingArrays,
  scalingOf,
  tailArrays,
  tailOf,
  within,
} from './ensemble-arrays.ts'
import { ArrayBook, type NamedArray } from './tensors.ts'

/** An ensemble's options in a file. */
interface Options {
  readonly columns: number
  readonly classes: number
  readonly members: readonly Pick<Parts, 'kind' | 'options'>[]
  readonly pool: 'vote' | 'stack'
  readonly isolation: object
  readonly counts: Readonly<Record<TailName, number>>
  readonly shares: Doubts['shares']
}

const TAILS = ['isolation', 'neighbors', 'entropy', 'disagreement', 'joint'] as const
type TailName = (typeof TAILS)[number]

/** Takes an ensemble apart: its members' tensors stand behind `member0/` and so on. @param partsOf of the models in it */
export function ensembleParts(ensemble: Ensemble<OwnMember>, partsOf: (model: AnyModel) => Parts): Parts {
  const { members, calibrations, pool, calibration, factors, novelty, doubts } = ensemble.parts
  const parts = members.map(member => partsOf(modelOfMember(member)))
  const isolation = partsOf({ kind: 'isolation-forest', model: novelty.forest })
  const tails = tailsOf(ensemble)
  const options: Options = {
    columns: novelty.neighbors.references.columns,
    classes: ensemble.classes,
    members: parts.map(({ kind, options: its }) => ({ kind, options: its })),
    pool: pool.kind,
    isolation: isolation.options,
    counts: Object.fromEntries(TAILS.map(name => [name, tails[name].count])) as Options['counts'],
    shares: doubts.shares,
  }
  const arrays = [
    ...parts.flatMap(({ arrays: its }, m) => within(`member${m}`, its)),
    ...members.flatMap((member, m) =>
      member.kind === 'mlp-classifier' ? scalingArrays(`member${m}`, member.scaling) : [],
    ),
    ...calibrations.flatMap((its, m) => calibrationArrays(`member${m}`, its)),
    ...calibrationArrays('joined', calibration),
    floats('pool/weights', pool.weights),
    ...(pool.kind === 'stack' ? [floats('pool/bias', pool.bias)] : []),
    floats('factors', factors),
    ...within('isolation', isolation.arrays),
    ...neighborArrays(novelty.neighbors),
    ...TAILS.flatMap(name => tailArrays(name, tails[name])),
  ]
  return { kind: 'ensemble', options, arrays }
}

/** Puts an ensemble together. Errors: `model_tensor`, `members_differ`, `tail_wrong`, and those of its members. */
export function ensembleOf(
  given: object,
  arrays: readonly NamedArray[],
  modelOf: (parts: Parts) => AnyModel,
): AnyModel {
  const options = given as Options
  const book = new ArrayBook(arrays)
  const numbers = (name: string): Float64Array => numbersOf(name, book)
  const behind = (prefix: string): NamedArray[] => arraysBehind(prefix, arrays)
  const scaling = (name: string): Scaling => scalingOf(name, book, options.columns)
  const calibration = (name: string): Calibration => ({
    scale: numbers(`${name}/calibration/scale`),
    bias: numbers(`${name}/calibration/bias`),
  })
  const tail = (name: TailName): Tail => tailOf(name, book, options.counts[name])
  const members = options.members.map((its, m) => {
    const own = behind(`member${m}`).filter(({ name }) => !/^(calibration|scaling)\//.test(name))
    const member = memberOf(modelOf({ ...its, arrays: own }), () => scaling(`member${m}`))
    if (columnsOf(member) !== options.columns)
      throw new LearnError(
        'model_options',
        `member ${m} takes ${columnsOf(member)} columns, and the ensemble ${options.columns}`,
      )
    return member
  })
  const forest = modelOf({
    kind: 'isolation-forest',
    options: options.isolation,
    arrays: behind('isolation').filter(({ name }) => !/^(scores|above)$/.test(name)),
  })
  if (forest.kind !== 'isolation-forest' || forest.model.model.columns !== options.columns)
    throw new LearnError('model_options', `its isolation forest does not take ${options.columns} columns`)
  const neighbors = neighborsOf(book, options.columns)
  const weights = numbers('pool/weights')
  const pool =
    options.pool === 'vote'
      ? { kind: options.pool, weights }
      : { kind: options.pool, weights, bias: biasOf(numbers('pool/bias'), options.classes) }
  const factors = numbers('factors')
  if (factors.length !== options.classes)
    throw new LearnError(
      'model_tensor',
      `the tensor 'factors' has ${factors.length} numbers for ${options.classes} classes`,
    )
  const model = new Ensemble<OwnMember>({
    members,
    calibrations: members.map((_, m) => calibration(`member${m}`)),
    pool,
    calibration: calibration('joined'),
    factors,
    novelty: new Novelty(forest.model, neighbors, tail('isolation'), tail('neighbors')),
    doubts: new Doubts(tail('entropy'), tail('disagreement'), tail('joint'), options.shares),
  })
  return { kind: 'ensemble', model }
}

/** The ensemble that a model is, or that one finds attacks by; null of others. */
export function ensembleIn(model: AnyModel): Ensemble<OwnMember> | null {
  if (model.kind === 'attack-detector') return model.model.parts.ensemble
  return model.kind === 'ensemble' ? model.model : null
}

/** A member as the model that it is, for files and exports of its own. */
export function modelOfMember(member: OwnMember): AnyModel {
  if (member.kind === 'random-forest') return { kind: member.kind, model: member.model }
  if (member.kind === 'boosted-trees') return { kind: member.kind, model: member.model }
  return { kind: member.kind, options: member.options, model: member.model }
}

function memberOf(model: AnyModel, scaling: () => Scaling): OwnMember {
  if (model.kind === 'random-forest') return new ForestMember(model.model)
  if (model.kind === 'boosted-trees') return new BoostedMember(model.model)
  if (model.kind === 'mlp-classifier') return new NetMember(model.model, model.options, scaling())
  throw new LearnError('model_options', `a model of kind ${model.kind} is no member of an ensemble`)
}

const columnsOf = (member: OwnMember): number =>
  member.kind === 'mlp-classifier' ? member.model.inputs : member.model.model.columns

function biasOf(bias: Float64Array, classes: number): Float64Array {
  if (bias.length === classes) return bias
  throw new LearnError('model_tensor', `the tensor 'pool/bias' has ${bias.length} numbers for ${classes} classes`)
}

function tailsOf({ parts: { novelty, doubts } }: Ensemble<OwnMember>): Readonly<Record<TailName, Tail>> {
  const { forestTail: isolation, neighborTail: neighbors } = novelty
  const { entropy, disagreement, joint } = doubts
  return { isolation, neighbors, entropy, disagreement, joint }
}

const calibrationArrays = (prefix: string, { scale, bias }: Calibration): NamedArray[] => [
  floats(`${prefix}/calibration/scale`, scale),
  floats(`${prefix}/calibration/bias`, bias),
]
