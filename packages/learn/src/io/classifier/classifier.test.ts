import { expect, test } from 'vitest'
import { randomOf } from '../../base/random.ts'
import { readModel, writeModel } from '../model/index.ts'
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
  await expect(learn('a,b\n1,x\n2,x\n', 'b')).rejects.toThrow(code('label_single'))
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

test('a table of four rows is learned too', async () => {
  const record = await learnTable(tableOf('a,b\n1,x\n2,y\n1,x\n2,y\n'), { ...options, label: 'b' })
  expect(record.training.figures).toEqual({ 'rows judged by': 0 })
  expect(tellTable(record, tableOf('a\n1\n2\n')).predicted).toHaveLength(2)
})
