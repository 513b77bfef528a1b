import { beforeAll, expect, test } from 'vitest'
import { LearnError } from '../../base/error.ts'
import { type Matrix, rowOf, rowsOf } from '../../base/matrix.ts'
import { ewmaScore, forestScore, netScore, robustDistance, seasonalScore, trainedChannel } from '../../series/index.ts'
import { plant } from '../../series/testing/made.ts'
import { writeOnnx } from '../onnx/index.ts'
import type { Json } from './canonical.ts'
import { crafted, type Mutation, mutationsOf, tensorMutationsOf } from './crafted.testkit.ts'
import { type ModelRecord, modelCard, readModel, writeModel } from './index.ts'
import { judgeRows, learnSeries } from './series-learn.ts'
import type { StoredArray } from './tensors.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const TRAIN_ROWS = 240
const DATE = '2026-01-02T03:04:05Z'
const MATRIX = plant(400, 3, 4, (row, values) => {
  if (row > 330) values[1]! += 7
  if (row % 40 === 7) values[2] = Number.NaN
})
const NAMES = ['flow', 'pressure', 'heat']

/** A model with each part that there is. */
async function everyPart(): Promise<ModelRecord> {
  const train = plant(TRAIN_ROWS, 3, 4)
  const net = { sensors: [0, 1, 2], steps: 2, units: 4, fit: { epochs: 1 } }
  const learned = [
    await trainedChannel(netScore({ ...net, kind: 'autoencoder' }), train, 0.01),
    await trainedChannel(netScore({ ...net, kind: 'gru forecaster' }), train, 0.01),
  ]
  const more = () => [
    forestScore([0, 2], { trees: 2, sample: 16 }),
    ewmaScore([0, 1], 0.2),
    seasonalScore([1], 4),
    robustDistance([0, 1, 2], 1),
  ]
  const channels = { window: 8, smoothing: 4 }
  return await learnSeries(
    { names: NAMES, matrix: MATRIX },
    { trainRows: TRAIN_ROWS, date: DATE, learned, more, channels },
  )
}

async function singleSensor(): Promise<ModelRecord> {
  const matrix = { rows: 400, columns: 1, data: Float32Array.from({ length: 400 }, (_, row) => Math.sin(row / 9)) }
  return await learnSeries({ names: ['level'], matrix }, { trainRows: TRAIN_ROWS, date: DATE })
}

let record: ModelRecord
let text: string
beforeAll(async () => {
  record = await everyPart()
  text = await writeModel(record)
})

test('a model that was read judges a series to the same bits, without training, and so does its stream', async () => {
  const one = await judgeRows(record, MATRIX)
  const loaded = await readModel(text)
  expect(await judgeRows(loaded, MATRIX)).toEqual(one)
  expect([one.trainRows, one.rows.slice(0, TRAIN_ROWS).some(({ alarm }) => alarm)]).toEqual([TRAIN_ROWS, false])
  expect(one.rows.slice(345).every(({ alarm }) => alarm)).toBe(true)
  expect(one.rows.some(({ change }) => change)).toBe(true)
  const { model, digest: _, ...rest } = loaded
  if (model.kind !== 'series') throw new Error('no series')
  const stream = model.model.detector.stream()
  for (let row = 0; row < MATRIX.rows; row++) {
    if (row < TRAIN_ROWS) stream.warm(rowOf(MATRIX, row))
    else expect(one.rows[row]).toMatchObject(stream.push(Array.from(rowOf(MATRIX, row))))
  }
  expect(await writeModel({ ...rest, model })).toBe(text)
})

test('rows that it did not learn from are all judged', async () => {
  const rest = rowsOf(MATRIX, 300, 400)
  const { rows, trainRows } = await judgeRows(await readModel(text), rest)
  expect([trainRows, rows.length]).toEqual([0, 100])
  expect(rows.at(-1)).toMatchObject({ alarm: true, sensor: 1 })
})

test('calibration says how often it alarms and by what that is known', async () => {
  const { calibration } = await readModel(text)
  expect(calibration).toMatchObject({ threshold: 1, falseAlarms: 0.01, method: expect.stringContaining('held out') })
  expect(calibration!.channels!.map(({ name }) => name)).toEqual([
    'window',
    'row',
    'isolation forest',
    'EWMA',
    'seasonal',
    'robust',
    'autoencoder',
    'gru forecaster',
  ])
  expect(calibration!.channels!.every(({ scores, threshold }) => scores > 200 && threshold > 0)).toBe(true)
  const single = (await singleSensor()).calibration
  expect(single!.falseAlarms).toBeCloseTo(12 / (TRAIN_ROWS + 1), 9)
})

test('its card says what it is, and it has no ONNX', async () => {
  const loaded = await readModel(text)
  const card = modelCard(loaded)
  expect(card).toContain('# Model card: detector of anomalies in a series')
  expect(card).toMatch(/\| window \| threshold \d/)
  expect(card).toContain('| pressure | number | feature |')
  expect(() => writeOnnx(loaded.model)).toThrow(code('onnx_series'))
})

/** Reads a file: it is refused with a code, or its scores are numbers. */
async function judgedOrRefused(mutation: Mutation, rows: Matrix): Promise<string> {
  try {
    const loaded = await readModel(await crafted(mutation.body))
    const { rows: judged } = await judgeRows(loaded, rows)
    const bad = judged.find(({ score, p }) => !Number.isFinite(score) || !(p >= 0 && p <= 1))
    return bad === undefined ? 'judged' : `score ${bad.score}, p ${bad.p}`
  } catch (error) {
    return error instanceof LearnError ? error.code : String(error)
  }
}

const FINE = /^(?:judged|model_[a-z]+|shape_wrong|weights_wrong|row_width)$/

test.each([
  ['with every part', () => record, MATRIX],
  [
    'of a single sensor',
    singleSensor,
    { rows: 400, columns: 1, data: Float32Array.from({ length: 400 }, (_, i) => i % 7) },
  ],
] as const)(
  'a crafted file %s is refused with a code, or scores numbers',
  async (_, made, matrix) => {
    const { body } = JSON.parse(await writeModel(await made())) as { body: Json }
    const rows = rowsOf(matrix, 300, 360)
    const counts = { judged: 0, refused: 0 }
    for (const mutations of [mutationsOf(body), tensorMutationsOf(body)]) {
      for (const mutation of mutations) {
        const outcome = await judgedOrRefused(mutation, rows)
        expect([mutation.what, outcome]).toEqual([mutation.what, expect.stringMatching(FINE)])
        counts[outcome === 'judged' ? 'judged' : 'refused']++
      }
    }
    expect(counts.refused).toBeGreaterThan(counts.judged)
    expect(counts.judged).toBeGreaterThan(50)
  },
  120_000,
)

test('a refusal names the field', async () => {
  const { body } = JSON.parse(text) as { body: { options: { detector: { channels: Record<string, unknown>[] } } } }
  const channel = body.options.detector.channels[1]!
  Object.assign(channel, { threshold: -1 })
  await expect(readModel(await crafted(body as unknown as Json))).rejects.toThrow(
    /'detector\.channels\[1\]\.threshold' is -1, no number from/,
  )
  Object.assign(channel, { threshold: 2 })
  await expect(readModel(await crafted(body as unknown as Json))).rejects.toThrow(
    /'calibration' is not that of the model/,
  )
})

test.each<[string, string, (body: Crafted) => void]>([
  ['a tensor that belongs nowhere', 'model_tensor', body => body.tensors.push({ ...body.tensors[0]!, name: 'spare' })],
  ['two tensors of one name', 'model_tensor', body => body.tensors.push(body.tensors[0]!)],
  [
    'a tensor that is named in two places',
    'model_tensor',
    body => Object.assign(body.options.detector, { patience: body.options.detector.usual }),
  ],
  ['an unknown part', 'model_field', body => Object.assign(body.options, { spare: 1 })],
  ['an unknown field of the detector', 'model_field', body => Object.assign(body.options.detector, { spare: 1 })],
  [
    'an unknown field of a channel',
    'model_field',
    body => Object.assign(body.options.detector.channels[1]!.scorer.inner, { spare: { deep: 1 } }),
  ],
  ['an unknown field of the change model', 'model_field', body => Object.assign(body.options.change, { spare: null })],
  [
    'a sensor that is unfit twice',
    'model_field',
    body => body.options.detector.unfit.splice(0, 9, { sensor: 1, why: 'rare' }, { sensor: 1, why: 'constant' }),
  ],
  ['an unknown field of the body', 'model_field', body => Object.assign(body, { spare: 1 })],
  ['an unknown field of the training', 'model_field', body => Object.assign(body.training, { spare: 1 })],
  ['an unknown field of a column', 'model_field', body => Object.assign(body.schema[1]!, { spare: 1 })],
  ['an unknown field of a step', 'model_field', body => Object.assign(body.preprocessing.steps[0]!, { spare: 1 })],
  ['classes', 'model_field', body => Object.assign(body, { classes: ['on', 'off'] })],
  ['no training rows', 'model_field', body => Object.assign(body.training, { rows: 0 })],
  ['too few training rows', 'model_field', body => Object.assign(body.training, { rows: 47 })],
])('a file with what it should not have is refused: %s', async (_, expected, change) => {
  const { body } = JSON.parse(text) as { body: Crafted }
  change(body)
  await expect(readModel(await crafted(body as unknown as Json))).rejects.toThrow(code(expected))
})

interface Crafted {
  readonly tensors: StoredArray[]
  readonly training: object
  readonly schema: object[]
  readonly preprocessing: { readonly steps: object[] }
  readonly options: {
    readonly change: object
    readonly detector: {
      readonly usual: object
      readonly unfit: object[]
      readonly channels: { readonly scorer: { readonly inner: object } }[]
    }
  }
}
