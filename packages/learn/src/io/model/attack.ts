import { LearnError } from '../../base/error.ts'
import { AttackDetector, type OwnMember, type Sign } from '../../ensemble/index.ts'
import type { AnyModel, Parts } from './any.ts'
import { arraysBehind, neighborArrays, neighborsOf, tailArrays, tailOf, within } from './ensemble-arrays.ts'
import { ArrayBook, type NamedArray } from './tensors.ts'

/** A detector's options in a file. */
interface Options {
  readonly columns: number
  readonly classes: number
  readonly normal: number
  readonly signs: readonly Sign[]
  readonly ensemble: object
  readonly contrast: object
  readonly counts: Readonly<Record<Sign | 'joint', number>>
}

/** Takes a detector of attacks apart: the tensors of its ensemble and forest stand behind `ensemble/` and `contrast/`. @param partsOf of the models in it */
export function attackParts(detector: AttackDetector<OwnMember>, partsOf: (model: AnyModel) => Parts): Parts {
  const { ensemble, normal, neighbors, contrast, signs, tails, joint } = detector.parts
  const its = partsOf({ kind: 'ensemble', model: ensemble })
  const forest = partsOf({ kind: 'random-forest', model: contrast })
  const named = { ...tails, joint }
  const options: Options = {
    columns: neighbors.references.columns,
    classes: ensemble.classes,
    normal,
    signs,
    ensemble: its.options,
    contrast: forest.options,
    counts: {
      odds: tails.odds.count,
      distance: tails.distance.count,
      contrast: tails.contrast.count,
      joint: joint.count,
    },
  }
  const arrays = [
    ...within('ensemble', its.arrays),
    ...within('contrast', forest.arrays),
    ...neighborArrays(neighbors),
    ...Object.entries(named).flatMap(([name, tail]) => tailArrays(`tails/${name}`, tail)),
  ]
  return { kind: 'attack-detector', options, arrays }
}

/** Puts a detector of attacks together. Errors: `model_tensor`, `model_options`, `members_differ`, `tail_wrong`, and those of its ensemble. */
export function attackOf(given: object, arrays: readonly NamedArray[], modelOf: (parts: Parts) => AnyModel): AnyModel {
  const options = given as Options
  const { columns, classes, normal, signs, counts } = options
  const book = new ArrayBook(arrays)
  const ensemble = modelOf({
    kind: 'ensemble',
    options: options.ensemble,
    arrays: arraysBehind('ensemble', arrays),
  })
  const contrast = modelOf({
    kind: 'random-forest',
    options: options.contrast,
    arrays: arraysBehind('contrast', arrays),
  })
  const misfit = (what: string): LearnError => new LearnError('model_options', what)
  if (ensemble.kind !== 'ensemble' || contrast.kind !== 'random-forest') throw misfit('it has no ensemble and forest')
  const { parts } = ensemble.model
  if (parts.novelty.neighbors.references.columns !== columns || ensemble.model.classes !== classes)
    throw misfit(`its ensemble does not take ${columns} columns and tell ${classes} classes`)
  if (contrast.model.model.columns !== columns || contrast.model.model.classes !== 2)
    throw misfit(`its forest does not tell shuffled rows of ${columns} columns`)
  const tail = (name: keyof Options['counts']) => tailOf(`tails/${name}`, book, counts[name])
  const model = new AttackDetector<OwnMember>({
    ensemble: ensemble.model,
    normal,
    neighbors: neighborsOf(book, columns),
    contrast: contrast.model,
    signs,
    tails: { odds: tail('odds'), distance: tail('distance'), contrast: tail('contrast') },
    joint: tail('joint'),
  })
  return { kind: 'attack-detector', model }
}
