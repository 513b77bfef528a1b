import { LearnError } from '../../base/error.ts'
import type { BoostedModel } from '../../trees/index.ts'
import type { ModelKind } from './any.ts'
import { inputNames, type Preprocessing } from './preprocess.ts'
import type { NetSizes } from './size.ts'

/** What stands around a model in its record. */
export interface Around {
  readonly schema: readonly { readonly name: string; readonly role: string }[]
  readonly preprocessing: Preprocessing
  readonly classes: readonly string[]
  readonly training: { readonly classRows?: readonly number[] }
}

/** What a model takes of a row, and how many classes it tells, 0 where none. */
interface Ends {
  readonly inputs: unknown
  readonly classes: unknown
}

/**
 * Makes sure that what stands around a model fits it: one input a column of it, one name a class, and each input from a column that was learned from. Looks at what the options say, before
 * the model itself is made. Error: `model_disagrees`.
 */
export function checkAgreement(kind: ModelKind, options: object, around: Around): void {
  const { preprocessing, classes, schema, training } = around
  const ends = endsOf(kind, options)
  if (ends === null) return
  const inputs = inputNames(preprocessing).length
  if (ends.inputs !== inputs)
    throw disagrees(`'preprocessing' makes ${inputs} inputs, and the ${kind} takes ${String(ends.inputs)}`)
  if (ends.classes !== classes.length)
    throw disagrees(`'classes' names ${classes.length}, and the ${kind} tells ${String(ends.classes)}`)
  if (new Set(classes).size < classes.length) throw disagrees(`'classes' names one of them twice`)
  const { classRows } = training
  if (classRows !== undefined && classRows.length !== classes.length)
    throw disagrees(`'training.classRows' counts ${classRows.length} classes of ${classes.length}`)
  const features = new Set(schema.flatMap(({ name, role }) => (role === 'feature' ? [name] : [])))
  const strange = preprocessing.steps.find(({ from }) => !features.has(from))
  if (strange !== undefined)
    throw disagrees(`'preprocessing' takes a column '${strange.from}', which is no feature in 'schema'`)
}

const disagrees = (what: string): LearnError => new LearnError('model_disagrees', what)

/** Null of kinds that take more than encoded rows. */
function endsOf(kind: ModelKind, options: object): Ends | null {
  const { columns, inputs, features, classes } = options as NetSizes & { readonly columns?: number }
  switch (kind) {
    case 'boosted-trees': {
      const { objective, outputs } = options as BoostedModel
      const several = objective === 'multi:softprob' ? outputs : 2
      return { inputs: columns, classes: objective === 'reg:squarederror' ? 0 : several }
    }
    case 'random-forest':
    case 'mlp-classifier':
    case 'ensemble':
    case 'attack-detector':
      return { inputs: columns ?? inputs, classes }
    case 'isolation-forest':
      return { inputs: columns, classes: 0 }
    case 'autoencoder':
    case 'mlp-regressor':
      return { inputs, classes: 0 }
    case 'forecaster':
    case 'reconstructor':
      return { inputs: features, classes: 0 }
    default:
      return null
  }
}
