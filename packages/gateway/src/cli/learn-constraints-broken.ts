import type { Matrix } from '@ringwall/learn'
import type { Preprocessing } from '@ringwall/learn/io'
import { type Constraints, inputsOf } from './learn-constraints.ts'
import { problemBlock } from './output.ts'

/** A rule that rows break before anybody attacks them: it fits neither them nor what a machine does. */
export interface Broken {
  readonly rule: string
  readonly rows: number
}

/** Of a value, or of a law's parts, by how much a row may be beside a rule: what single precision leaves open. */
const CLOSE = 1e-6

/** How many of some rows break which rule as they are. Rows are as a model takes them. */
export function brokenRules(
  { columns, laws }: Constraints,
  { steps }: Preprocessing,
  { rows, columns: width, data }: Matrix,
): Broken[] {
  const inputs = inputsOf(steps)
  const places = new Map(inputs.map((step, i) => [step.from, i]))
  const own = (row: number, name: string): number => {
    const [i, step] = [places.get(name)!, inputs[places.get(name)!]!]
    return step.kind === 'number' ? data[row * width + i]! * step.scale + step.mean : Number.NaN
  }
  const count = (rule: string, breaks: (row: number) => boolean): Broken => ({
    rule,
    rows: Array.from({ length: rows }, (_, row) => Number(breaks(row))).reduce((sum, each) => sum + each, 0),
  })
  const ends = [...columns].flatMap(([name, { least, most }]) => [
    ...(least === undefined
      ? []
      : [count(`columns.${name}.least`, row => least - own(row, name) > slack(least, own(row, name)))]),
    ...(most === undefined
      ? []
      : [count(`columns.${name}.most`, row => own(row, name) - most > slack(most, own(row, name)))]),
  ])
  const sums = laws.flatMap(({ weights, most }, i) => {
    if (most === undefined) return []
    // As a law binds: its unit does not matter, nor does what it does not weigh.
    const largest = Math.max(...[...weights.values()].map(Math.abs))
    const weighed = [...weights].filter(([, weight]) => weight !== 0)
    const end = most / largest
    return [
      count(`laws[${i}].most`, row => {
        const parts = weighed.map(([name, weight]) => (weight / largest) * own(row, name))
        return parts.reduce((sum, part) => sum + part, 0) - end > slack(end, ...parts)
      }),
    ]
  })
  return [...ends, ...sums].filter(({ rows: broken }) => broken > 0)
}

const slack = (...values: readonly number[]): number => CLOSE * Math.max(...values.map(Math.abs))

/** Laws that bind nothing: all that they weigh stays as it is, whatever somebody does. */
export function idleLaws(
  { columns, laws }: Constraints,
  { steps }: Preprocessing,
  still: readonly boolean[],
): string[] {
  const inputs = inputsOf(steps)
  const stays = (name: string): boolean =>
    columns.get(name)?.fixed === true || still[inputs.findIndex(({ from }) => from === name)] === true
  return laws.flatMap(({ weights }, i) =>
    [...weights].every(([name, weight]) => weight === 0 || stays(name)) ? [`laws[${i}]`] : [],
  )
}

/** What is wrong with constraints beside rows: a line each, which also goes to standard error as a warning. */
export function brokenText(file: string, of: number, broken: readonly Broken[], idle: readonly string[]): string {
  const lines = [
    ...broken.map(({ rule, rows }) => `${rows} of ${of} rows break ${rule}`),
    ...idle.map(law => `${law} weighs only columns that stay as they are, and binds nothing`),
  ]
  if (lines.length === 0) return ''
  const what = `${lines.join('; ')}. Rows that break a rule may not be moved farther beyond it, and seem hard to attack`
  const hint = 'Mend the constraints, or their unit, unless the rows are as strange as that.'
  process.stderr.write(problemBlock({ code: 'constraints_broken', what, hint, place: { file } }, 'warning'))
  return lines.map(line => `${line}.\n`).join('')
}
