import { beforeAll, expect, test } from 'vitest'
import { LearnError } from '../../base/error.ts'
import { rowOf, rowsOf } from '../../base/matrix.ts'
import type { ProcessDescription } from '../../robust/telemetry/index.ts'
import { normal } from '../../robust/telemetry/tank.testkit.ts'
import { writeOnnx } from '../onnx/index.ts'
import type { Json } from './canonical.ts'
import { crafted, type Mutation, mutationsOf, tensorMutationsOf } from './crafted.testkit.ts'
import { judgeRows, judgeWatchRows, learnWatch, type ModelRecord, modelCard, readModel, writeModel } from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const LEVEL = { column: 0, low: 0, high: 2, resolution: 1e-3, rate: 0.03 }
const PROCESS: ProcessDescription = {
  columns: 4,
  lags: [1, 60],
  sensors: [
    { ...LEVEL, flows: [1, 2], redundant: [3], together: [1, 2, 3], net: [2, 3] },
    { ...LEVEL, column: 3, flows: [], redundant: [0], together: [], net: [] },
  ],
}
const TRAIN_ROWS = 10_000
const MATRIX = normal(1, 11_000)
// The level is said to be 30 cm higher than it is.
for (let row = 10_500; row < MATRIX.rows; row++) MATRIX.data[4 * row]! += 0.3
const TABLE = { names: ['level', 'in', 'out', 'floor'], matrix: MATRIX }
const DATE = '2026-01-02T03:04:05Z'

let record: ModelRecord
let text: string
beforeAll(async () => {
  record = await learnWatch(TABLE, { process: PROCESS, trainRows: TRAIN_ROWS, date: DATE })
  text = await writeModel(record)
})

test('a watch that was read judges rows to the same bits, and so does its stream', async () => {
  const loaded = await readModel(text)
  const one = await judgeWatchRows(record, MATRIX)
  expect(await judgeWatchRows(loaded, MATRIX)).toEqual(one)
  expect([one.trainRows, one.rows.slice(0, 10_500).some(({ alarm }) => alarm)]).toEqual([TRAIN_ROWS, false])
  expect(one.rows.slice(10_505, 10_600).every(({ alarm, sensor }) => alarm && [0, 3].includes(sensor))).toBe(true)
  const { model, digest: _, ...rest } = loaded
  if (model.kind !== 'watch') throw new Error('no watch')
  const stream = model.model.stream()
  for (let row = 0; row < MATRIX.rows; row++) {
    const judged = stream.push(rowOf(MATRIX, row))
    if (row >= TRAIN_ROWS) expect(one.rows[row]).toEqual(judged)
  }
  expect(await writeModel({ ...rest, model })).toBe(text)
})

test('a model of another kind is no watch, and a watch no detector', async () => {
  await expect(judgeRows(record, MATRIX)).rejects.toThrow(code('model_no_series'))
  const { model: _, ...rest } = record
  const other = { ...rest, model: { kind: 'series', model: null } } as unknown as ModelRecord
  await expect(judgeWatchRows(other, MATRIX)).rejects.toThrow(code('model_no_watch'))
  const narrow = { rows: 2, columns: 2, data: new Float32Array(4) }
  await expect(judgeWatchRows(record, narrow)).rejects.toThrow(code('row_width'))
})

test('its card says what it is, and it has no ONNX', async () => {
  const loaded = await readModel(text)
  const card = modelCard(loaded)
  expect(card).toContain('# Model card: watch of sensors that may be spoofed')
  expect(card).toMatch(/\| column 0, balance over 60 \| threshold \d/)
  expect(() => writeOnnx(loaded.model)).toThrow(code('onnx_series'))
})

/** Reads a file: it is refused with a code, or its scores are numbers. */
async function judgedOrRefused(mutation: Mutation): Promise<string> {
  try {
    const { rows } = await judgeWatchRows(await readModel(await crafted(mutation.body)), rowsOf(MATRIX, 10_450, 10_550))
    const bad = rows.find(({ score }) => !(Number.isFinite(score) && score >= 0))
    return bad === undefined ? 'judged' : `score ${bad.score}`
  } catch (error) {
    return error instanceof LearnError ? error.code : String(error)
  }
}

test('a crafted file is refused with a code, or scores numbers', async () => {
  const { body } = JSON.parse(text) as { body: Json }
  const counts = { judged: 0, refused: 0 }
  for (const mutations of [mutationsOf(body), tensorMutationsOf(body)])
    for (const mutation of mutations) {
      const outcome = await judgedOrRefused(mutation)
      expect([mutation.what, outcome]).toEqual([
        mutation.what,
        expect.stringMatching(/^(?:judged|model_[a-z]+|row_width)$/),
      ])
      counts[outcome === 'judged' ? 'judged' : 'refused']++
    }
  expect(counts.refused).toBeGreaterThan(counts.judged)
  expect(counts.judged).toBeGreaterThan(20)
}, 60_000)

interface Crafted {
  options: { sensors: Record<string, unknown>[]; parts: Record<string, unknown>[] }
  training: object
}

test.each<[string, RegExp, (body: Crafted) => void]>([
  [
    'a sensor that is its own witness',
    /'sensors' describe no process/,
    ({ options }) => Object.assign(options.sensors[1]!, { column: 0 }),
  ],
  ['a part too many', /'parts' is no list of 6/, ({ options }) => options.parts.push({})],
  [
    'a threshold that is not that of the calibration',
    /'calibration' is not that/,
    ({ options }) => Object.assign(options.parts[0]!, { threshold: 9 }),
  ],
  [
    'an unknown field',
    /'sensors\[0\]\.spare' is a field that no part/,
    ({ options }) => Object.assign(options.sensors[0]!, { spare: 1 }),
  ],
  ['too few rows', /'training.rows' is 7, and no watch/, ({ training }) => Object.assign(training, { rows: 7 })],
])('%s is refused by name', async (_, says, change) => {
  const { body } = JSON.parse(text) as { body: Crafted }
  change(body)
  await expect(readModel(await crafted(body as unknown as Json))).rejects.toThrow(
    expect.objectContaining({ code: 'model_field', message: expect.stringMatching(says) }),
  )
})
