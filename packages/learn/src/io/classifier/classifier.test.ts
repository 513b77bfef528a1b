import { expect, test } from 'vitest'
import { randomOf } from '../../base/random.ts'
import { ensembleIn, preprocess, readModel, writeModel } from '../model/index.ts'
import { type Table, tableOf } from '../table/index.ts'
import { fitClassifier } from './fit.ts'
import { kindsOf, learnTable, tellTable } from './index.ts'
import { judge } from './judge.ts'
import { labelsOf } from './labels.ts'
import { splitRows } from './split.ts'

const code = (name: string) => expect.objectContaining({ code: name })

/** A machine with three states, told by a number and a word; some values are missing. */
function machine(rows: number, seed: number, kinds = {}): Table {
  const random = randomOf(seed)
  const lines = Array.from({ length: rows }, (_, i) => {
    const state = random.below(3)
    const load = random.next() < 0.03 ? 'NA' : (state + 0.4 * random.normal()).toFixed(3)
    const mode = state === 2 && random.next() < 0.9 ? 'boost' : ['eco', 'normal'][random.below(2)]
    return `2024-01-01 00:00:${String(i % 60).padStart(2, '0')};${load};${mode};${['idle', 'run', 'full'][state]}`
  })
  return tableOf(`time;load;mode;state\n${lines.join('\n')}\n`, { kinds })
}

const options = { label: 'state', date: '2026-01-01T00:00:00Z' }

test.each(['auto', 'boosting', 'forest'] as const)('classes are told by numbers and words: %s', async algorithm => {
  const record = await learnTable(machine(600, 1), { ...options, algorithm })
  expect(record.classes).toEqual(['full', 'idle', 'run'])
  const table = machine(300, 2, kindsOf(record))
  const told = tellTable(record, table)
  const truth = labelsOf(table, 'state').codes
  const { accuracy } = judge(told.probabilities, truth, 3)
  expect(accuracy).toBeGreaterThan(0.85)
  const figures = record.training.figures!
  expect(figures['rows judged by']).toBe(118)
  expect(Object.keys(figures).length).toBe(algorithm === 'auto' ? 9 : 5)
  const again = await readModel(await writeModel(record))
  expect(tellTable(again, table)).toEqual(told)
  expect(record.schema.map(({ role }) => role)).toEqual(['time', 'feature', 'feature', 'label'])
})

test('the same seed and table give the same model', async () => {
  const text = async () => writeModel(await learnTable(machine(200, 1), { ...options, seed: 4 }))
  expect(await text()).toBe(await text())
})

test('a split keeps the order of rows, and rare classes whole', () => {
  const { learned, judged } = splitRows(Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), 3)
  expect([Array.from(judged), learned.length]).toEqual([[4, 13, 14], 13])
})

test('the rows that judge have no part in the trial: neither in its rounds nor in how words are encoded', async () => {
  const codes = Int32Array.from({ length: 400 }, (_, row) => row % 2)
  const random = randomOf(9)
  const values = Float32Array.from(codes, code => code + 0.6 * random.normal())
  const { learned, judged } = splitRows(codes, 2)
  // Where they are told wrongly, boosting that they stop ends at once.
  const turned = values.map((value, row) => (judged.includes(row) ? 1 - value : value))
  const fitted = [values, turned].map(data => {
    const all = { rows: 400, columns: 1, data }
    const by = (rows: Int32Array) => {
      expect(rows).toEqual(learned)
      return all
    }
    return fitClassifier({ all, by }, { codes, names: ['a', 'b'] }, { algorithm: 'boosting' })
  })
  const [straight, other] = fitted
  expect(other!.settings).toEqual(straight!.settings)
  expect(straight!.judgments['boosting']!.accuracy).toBeGreaterThan(0.7)
  expect(other!.judgments['boosting']!.accuracy).toBeLessThan(0.4)
  expect(straight!.settings['rounds']).toBeGreaterThan(1)
})

test('what are no classes is refused', async () => {
  const learn = (text: string, label: string) => learnTable(tableOf(text), { ...options, label })
  await expect(learn('a,b\n1,x\n2,x\n', 'b')).rejects.toThrow(code('class_single'))
  await expect(learn('a,b\n1,x\n2,\n3,y\n', 'b')).rejects.toThrow(code('label_missing'))
  await expect(learn('a,b\n1,x\n2,y\n', 'c')).rejects.toThrow(code('column_unknown'))
  await expect(learn(`a,b\n${Array.from({ length: 300 }, (_, i) => `1,${i}.5`).join('\n')}\n`, 'b')).rejects.toThrow(
    code('label_many'),
  )
  await expect(learn('b\nx\ny\n', 'b')).rejects.toThrow(code('columns_none'))
  await expect(learnTable(tableOf('a,b\n1,x\n2,y\n'), { ...options, label: 'b', ignore: ['q'] })).rejects.toThrow(
    code('column_unknown'),
  )
})

test('an ensemble tells classes, doubts rows that are like none, and is kept', async () => {
  const record = await learnTable(machine(400, 1), { ...options, algorithm: 'ensemble' })
  const table = machine(200, 2, kindsOf(record))
  const told = tellTable(record, table)
  expect(judge(told.probabilities, labelsOf(table, 'state').codes, 3).accuracy).toBeGreaterThan(0.85)
  expect(tellTable(await readModel(await writeModel(record)), table)).toEqual(told)
  const decided = (coverage: number) =>
    tellTable(record, table, { coverage }).doubts!.decisions.filter(each => each.decided).length
  expect([decided(1), decided(0.5)]).toEqual([200, 100])
  const strange = tableOf('time;load;mode\n2024-01-01;-900;eco\n2024-01-01;900;eco\n')
  expect(tellTable(record, strange).doubts!.decisions).toMatchObject([{ decided: false }, { decided: false }])
  expect(Object.keys(record.training.figures!)).toEqual(
    expect.arrayContaining(['calibration error (15 bins of equal mass)', 'accuracy at coverage 0.9', 'net weight']),
  )
})

test('a stream is told by how long its values are held, which its rows alone do not say', async () => {
  const random = randomOf(4)
  const lines = Array.from({ length: 1_200 }, (_, i) => `${Math.floor(i / 300) % 2 === 0 ? 'slow' : 'fast'}`)
  let value = 0
  const rows = lines.map((state, i) => {
    if (i % (state === 'slow' ? 5 : 2) === 0) value = random.below(65_536)
    return `${value};${state}`
  })
  const table = tableOf(`register;state\n${rows.join('\n')}\n`)
  const learn = (stream: boolean) => learnTable(table, { ...options, algorithm: 'ensemble', stream })
  const [still, moving] = [await learn(false), await learn(true)]
  expect(still.training.figures!['macroF1']).toBeLessThan(0.7)
  expect(moving.training.figures!['macroF1']).toBeGreaterThan(0.85)
  const again = await readModel(await writeModel(moving))
  expect(again.preprocessing.rhythm?.windows.length).toBeGreaterThan(3)
  expect(tellTable(again, table)).toEqual(tellTable(moving, table))
  // Rows are judged in blocks, which say how far it is and nothing else.
  const shares: number[] = []
  const told = tellTable(moving, table, undefined, done => shares.push(done))
  expect(shares).toEqual([512 / 1_200, 1_024 / 1_200, 1])
  const whole = ensembleIn(moving.model)!.judge(preprocess(moving.preprocessing, table))
  expect(told.probabilities).toEqual(whole.probabilities.data)
  expect([told.predicted, told.doubts!.doubt]).toEqual([whole.predicted, whole.doubt])
})

test('a table of four rows is learned too', async () => {
  const record = await learnTable(tableOf('a,b\n1,x\n2,y\n1,x\n2,y\n'), { ...options, label: 'b' })
  expect(record.training.figures).toEqual({ 'rows judged by': 0 })
  expect(tellTable(record, tableOf('a\n1\n2\n')).predicted).toHaveLength(2)
})
