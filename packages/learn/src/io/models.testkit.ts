import type { Matrix } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { Autoencoder, Forecaster, MlpClassifier, MlpRegressor, Reconstructor, windowSamples } from '../nets/index.ts'
import { fitBoosted, fitForestClassifier, fitForestRegressor, fitIsolation } from '../trees/index.ts'
import type { AnyModel } from './model/index.ts'

export const COLUMNS = 5

/** Rows of noise; some values missing. */
export function noise(rows: number, seed: number, missing = 0): Matrix {
  const random = randomOf(seed)
  const draw = () => (random.next() < missing ? Number.NaN : random.normal())
  return { rows, columns: COLUMNS, data: Float32Array.from({ length: rows * COLUMNS }, draw) }
}

/** Classes that rows can be told by, nearly. */
export function classesOf({ data, rows }: Matrix, classes: number): Int32Array {
  const random = randomOf(77)
  return Int32Array.from({ length: rows }, (_, i) => {
    const sum = (data[i * COLUMNS] || 0) + 0.5 * (data[i * COLUMNS + 1] || 0) ** 2 + 0.3 * random.normal()
    return Math.min(classes - 1, Math.max(0, Math.floor(sum + 1)))
  })
}

/** A model of every kind, and of trees several, each with what it says of rows or windows. */
export function everyModel(): { name: string; each: AnyModel; said: (each: AnyModel) => ArrayLike<number> }[] {
  const train = noise(300, 3, 0.05)
  const test = noise(100, 4, 0.05)
  const whole = noise(100, 5)
  const two = classesOf(train, 2)
  const three = classesOf(train, 3)
  const values = Array.from({ length: train.rows }, (_, i) => 10 + (train.data[i * COLUMNS] || 0))
  const windows = windowSamples(whole, { steps: 6 })
  const saidByTrees = (each: AnyModel): ArrayLike<number> => {
    if (each.kind === 'isolation-forest') return each.model.scores(test)
    if (each.kind === 'boosted-trees') return each.model.outputs(test)
    if (each.kind !== 'random-forest') return []
    return each.model.model.classes === 0 ? each.model.predict(test) : each.model.predictProbabilities(test)
  }
  const rows = {
    data: whole.data,
    starts: Uint32Array.from({ length: 100 }, (_, i) => i * COLUMNS),
    steps: 1,
    columns: COLUMNS,
  }
  const saidByNet = (each: AnyModel): ArrayLike<number> => {
    if (each.kind === 'forecaster' || each.kind === 'reconstructor') return each.model.run(windows).data
    return 'weights' in each.model ? each.model.run(rows).data : []
  }
  const hidden = [8, 3, 8]
  const dense = { inputs: COLUMNS, hidden, activation: 'tanh', norm: true, seed: 3 } as const
  const trees: [string, AnyModel][] = [
    [
      'boosted, two classes',
      { kind: 'boosted-trees', model: fitBoosted(train, two, { objective: 'binary:logistic', rounds: 9 }) },
    ],
    [
      'boosted, three classes',
      { kind: 'boosted-trees', model: fitBoosted(train, three, { objective: 'multi:softprob', rounds: 9 }) },
    ],
    [
      'boosted values',
      { kind: 'boosted-trees', model: fitBoosted(train, values, { objective: 'reg:squarederror', rounds: 9 }) },
    ],
    [
      'forest, two classes',
      { kind: 'random-forest', model: fitForestClassifier(train, two, { trees: 9, outOfBag: true }) },
    ],
    ['forest, three classes', { kind: 'random-forest', model: fitForestClassifier(train, three, { trees: 9 }) }],
    ['forest of values', { kind: 'random-forest', model: fitForestRegressor(train, values, { trees: 9 }) }],
    ['isolation forest', { kind: 'isolation-forest', model: fitIsolation(train, { trees: 20 }) }],
  ]
  const nets: [string, AnyModel][] = [
    ['autoencoder', { kind: 'autoencoder', options: dense, model: new Autoencoder(dense) }],
    ...[{ ...dense, classes: 3 }].map((options): [string, AnyModel] => [
      'MLP classifier',
      { kind: 'mlp-classifier', options, model: new MlpClassifier(options) },
    ]),
    ...[{ ...dense, outputs: 2 }].map((options): [string, AnyModel] => [
      'MLP regressor',
      { kind: 'mlp-regressor', options, model: new MlpRegressor(options) },
    ]),
    ...(['gru', 'lstm', 'transformer'] as const).flatMap((kind): [string, AnyModel][] => {
      const shape = { kind, steps: 6, features: COLUMNS, units: 10, seed: 4 }
      const forecaster = { ...shape, layers: 2, horizon: 2 }
      const reconstructor = { ...shape, code: 3 }
      return [
        [`${kind} forecaster`, { kind: 'forecaster', options: forecaster, model: new Forecaster(forecaster) }],
        [
          `${kind} reconstructor`,
          { kind: 'reconstructor', options: reconstructor, model: new Reconstructor(reconstructor) },
        ],
      ]
    }),
  ]
  return [
    ...trees.map(([name, each]) => ({ name, each, said: saidByTrees })),
    ...nets.map(([name, each]) => ({ name, each, said: saidByNet })),
  ]
}
