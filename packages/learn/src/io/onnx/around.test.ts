import { expect, test } from 'vitest'
import { learnTable, tellTable } from '../classifier/index.ts'
import { type Table, tableOf } from '../table/index.ts'
import { readModelProto } from './graph.ts'
import { differenceOf, runOnnx } from './onnxruntime.testkit.ts'
import { readOnnx } from './read.ts'
import { writeOnnx } from './write.ts'

/** Numbers with gaps, few words and many, and names that no format likes. */
function text(rows: number, shift: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const row = i + shift
    const load = row % 11 === 0 ? '' : ((row * 37) % 100) / 10
    return `${load},"${['a, b', 'say ""x""', 'plain'][row % 3]}",id${(row * 7) % 40},${row % 3 === 0 ? 'no|w' : ((row * 37) % 100) / 10 > 5 ? 'hi' : 'lo'}`
  })
  return `"load, ""kW""",mode,id,state\n${lines.join('\n')}\n`
}

const cellOf = (table: Table, from: string, row: number): string => {
  const column = table.columns.find(({ name }) => name === from)!
  if (column.kind === 'category') return column.categories[column.values[row]!] ?? ''
  return Number.isNaN(column.values[row]) ? '' : String(column.values[row])
}

test.each(['boosting', 'forest'] as const)(
  'what the metadata says is enough to feed onnxruntime from a table: %s',
  async algorithm => {
    const record = await learnTable(tableOf(text(400, 0)), { label: 'state', algorithm, date: 'now' })
    const bytes = writeOnnx(record.model, record)
    const metadata = new Map(readModelProto(bytes).metadataProps!.map(({ key, value }) => [key, value!]))
    const said = (name: string) => JSON.parse(metadata.get(`ringwall.${name}`)!)
    const [inputs, classes, { steps }] = [said('inputs'), said('classes'), said('preprocessing')]
    expect(inputs.slice(0, 2)).toEqual(['load, "kW"', 'mode=a, b'])
    expect(classes).toEqual(['hi', 'lo', 'no|w'])
    const table = tableOf(text(120, 1_000))
    const x = Float32Array.from(
      Array.from({ length: table.rows }, (_, row) =>
        steps.flatMap(
          (step: { from: string; kind: string; words: string[]; shares: number[]; mean: number; scale: number }) => {
            const cell = cellOf(table, step.from, row)
            if (step.kind === 'number') return [cell === '' ? Number.NaN : (Number(cell) - step.mean) / step.scale]
            if (step.kind === 'one-of') return step.words.map(word => Number(word === cell))
            return [step.shares[step.words.indexOf(cell)] ?? 0]
          },
        ),
      ).flat(),
    )
    expect(x).toHaveLength(table.rows * inputs.length)
    const { probabilities } = await runOnnx(bytes, x, [table.rows, inputs.length])
    expect(differenceOf(probabilities!, tellTable(record, table).probabilities)).toBeLessThan(1e-6)
    expect(readOnnx(bytes).kind).toBe(record.model.kind)
  },
)
