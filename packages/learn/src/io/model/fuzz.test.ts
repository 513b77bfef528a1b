import { expect, test } from 'vitest'
import { LearnError } from '../../base/error.ts'
import { everyModel, noise } from '../models.testkit.ts'
import { tableOf } from '../table/index.ts'
import type { AnyModel } from './any.ts'
import type { Json } from './canonical.ts'
import { writeModel } from './file.ts'
import { readModel } from './index.ts'
import { type Body, bodyOf, fileOf, recordOf } from './model.testkit.ts'
import { preprocess } from './preprocess.ts'
import { loadArray, storeArray } from './tensors.ts'

const CODES = /^(?:model_|option_wrong$|weights_wrong$|shape_wrong$)/
const rows = noise(40, 8, 0.1)

/** All places in a document, as lists of names. */
function placesIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([name, each]) => placesIn(each as Json, [...path, name]))]
}

function changed(body: Body, path: readonly string[], change: (at: Record<string, Json>, name: string) => void): Body {
  const copy = structuredClone(body)
  let at = copy as Record<string, Json>
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, Json>
  change(at, path.at(-1)!)
  return copy
}

/** Bodies of which one field each is deleted, or another value of whatever kind. */
function* brokenFields(body: Body): Generator<Body> {
  for (const path of placesIn(body).slice(1)) {
    yield changed(body, path, (at, name) => (Array.isArray(at) ? at.splice(Number(name), 1) : delete at[name]))
    for (const value of [-1, 0.5, 1e300, 999_999, null, 'NaN', [], {}, true])
      yield changed(body, path, (at, name) => (at[name] = value))
  }
}

/** Bodies with a tensor that is shorter, of another one's name, twice there, or of which a number is another. */
function* brokenTensors(body: Body): Generator<Body> {
  const tensors = body['tensors'] as unknown as readonly Parameters<typeof loadArray>[0][]
  const withAll = (all: readonly object[]): Body => ({ ...body, tensors: all as Json })
  for (const [i, stored] of tensors.entries()) {
    const { name, data, shape } = loadArray(stored)
    const put = (numbers: typeof data): Body =>
      withAll(
        tensors.with(i, storeArray({ name, shape: shape.length === 1 ? [numbers.length] : shape, data: numbers })),
      )
    yield put(data.slice(1))
    yield put(data.slice(0, 0))
    yield withAll(tensors.with(i, { ...stored, name: tensors[(i + 1) % tensors.length]!.name }))
    yield withAll(tensors.with(i, { ...stored, name: `${name}.more` }))
    yield withAll([...tensors, { ...stored, name: 'surplus' }])
    for (const at of [0, Math.floor(data.length / 2), data.length - 1].filter(place => place >= 0 && data.length > 0))
      for (const number of [Number.NaN, Number.POSITIVE_INFINITY, 3e38, -3e38, -1, 0, 200]) {
        const numbers = data.slice()
        numbers[at] = number
        yield put(numbers)
      }
  }
}

/** What a model that was read says of rows must be probabilities, or finite numbers. */
function judge({ model }: { model: AnyModel }): void {
  if (model.kind === 'isolation-forest') expect(model.model.scores(rows).every(Number.isFinite)).toBe(true)
  if (model.kind !== 'boosted-trees' && model.kind !== 'random-forest') return
  const classes = model.kind === 'boosted-trees' ? model.model.classes : model.model.model.classes
  if (classes === 0) return expect(model.model.predict(rows).every(Number.isFinite)).toBe(true)
  const shares = model.model.predictProbabilities(rows)
  expect(shares).toHaveLength(rows.rows * classes)
  for (let row = 0; row < rows.rows; row++) {
    const sum = shares.subarray(row * classes, (row + 1) * classes).reduce((one, other) => one + other, 0)
    expect(Math.abs(sum - 1)).toBeLessThan(2e-3)
  }
}

test.each(everyModel())(
  'a broken file of a $name is refused by a code that names the field, or says what can be',
  async ({ each }) => {
    const body = await bodyOf(each)
    let refused = 0
    for (const broken of [...brokenFields(body), ...brokenTensors(body)]) {
      let file: string
      try {
        file = await fileOf(broken)
      } catch {
        continue
      }
      try {
        judge(await readModel(file))
      } catch (error) {
        if (!(error instanceof LearnError)) throw error
        expect(error.code).toMatch(CODES)
        expect(error.message.length).toBeGreaterThan(10)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(100)
  },
  60_000,
)

test('what stands around a model must fit it', async () => {
  const { each } = everyModel().find(({ name }) => name === 'forest, three classes')!
  const record = recordOf(each)
  const { steps } = record.preprocessing
  const wrong = [
    { ...record, classes: ['a', 'b'] },
    { ...record, classes: ['a', 'b', 'c', 'd'] },
    { ...record, classes: ['a', 'b', 'a'] },
    { ...record, preprocessing: { steps: steps.slice(1) } },
    { ...record, preprocessing: { steps: steps.with(1, { ...steps[1]!, from: 'state' }) } },
    { ...record, training: { ...record.training, classRows: [1, 2] } },
  ]
  for (const other of wrong)
    await expect(writeModel(other)).rejects.toThrow(expect.objectContaining({ code: 'model_disagrees' }))
  const { options } = (await bodyOf(each)) as { options: object }
  const body = { ...(await bodyOf(each)), options: { ...options, columns: 6 } as Json }
  await expect(readModel(await fileOf(body))).rejects.toThrow(/makes 5 inputs, and the random-forest takes 6/)
})

test('a file of many columns that it does not fill is refused before memory is taken', async () => {
  const { each } = everyModel().find(({ name }) => name === 'boosted, two classes')!
  const body = await bodyOf(each)
  const options = { ...(body['options'] as object), columns: 900_000 } as Json
  const before = process.memoryUsage().rss
  await expect(readModel(await fileOf({ ...body, options }))).rejects.toThrow(/900000/)
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
})

test('a file of more classes than a forest tells apart is refused, though it names them all', async () => {
  const { each } = everyModel().find(({ name }) => name === 'forest, three classes')!
  const body = await bodyOf(each)
  const classes = Array.from({ length: 2_000 }, (_, k) => `c${k}`)
  const options = { ...(body['options'] as object), classes: classes.length } as Json
  await expect(readModel(await fileOf({ ...body, options, classes }))).rejects.toThrow(
    expect.objectContaining({ code: 'model_options', message: expect.stringContaining('at most 1024') }),
  )
})

test('a model tells the same of a table when it was read again', async () => {
  const { each } = everyModel().find(({ name }) => name === 'forest, three classes')!
  if (each.kind !== 'random-forest') throw new Error('no forest')
  const read = await readModel(await writeModel(recordOf(each)))
  if (read.model.kind !== 'random-forest') throw new Error('no forest')
  const table = tableOf('x|<b>,x1,x2,x3,x4\n1,2,,0.5,-1\n')
  const inputs = preprocess(read.preprocessing, table)
  expect(read.model.model.importances()).toEqual(each.model.importances())
  expect(read.model.model.contributions(inputs.data, 2)).toEqual(each.model.contributions(inputs.data, 2))
})
