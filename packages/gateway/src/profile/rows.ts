import { suggestion } from '../config/near.ts'
import type { ProfileBook } from './book.ts'
import type { Description } from './description.ts'
import { Fields, isNumeric } from './fields.ts'
import { type LinearLaw, linearOf, readSource } from './law/index.ts'
import type { Part } from './part.ts'
import { rangeOf } from './redundant.ts'
import { isConverting, type SignalType } from './signals.ts'

/** A number of a table whose columns are readings: between which a profile lets it be, and by which steps it moves. In the reading's own unit. */
export interface ColumnLimits {
  readonly series: string
  readonly least: number
  readonly most: number
  /** 0: any. */
  readonly step: number
}

/** What profiles say of rows of readings that were taken at one moment. */
export interface RowRules {
  readonly columns: readonly ColumnLimits[]
  readonly laws: readonly LinearLaw[]
  /** Laws over these readings, and limits of change, that a row alone cannot keep or break, and why. */
  readonly left: readonly { readonly name: string; readonly why: string }[]
}

/** A reading that profiles do not have, or that is no number. */
export interface Unfit {
  readonly series: string
  readonly what: string
  readonly hint: string
}

/**
 * What profiles say of a row of readings, each named `device/name`: ranges, steps, and those laws that are sums of weighted values of these readings at one moment. Limits of change and laws that
 * look back, hold at times only, or are bent say nothing of one row: those of these readings are listed.
 */
export function rowRules(book: ProfileBook, readings: readonly string[]): RowRules | Unfit {
  const columns: ColumnLimits[] = []
  const left: { name: string; why: string }[] = []
  for (const series of readings) {
    const found = limitsOf(book, series)
    if ('what' in found) return found
    const { limits, changes } = found
    columns.push(limits)
    if (changes) left.push({ name: `rw:change of ${series}`, why: 'it looks back at earlier values' })
  }
  const laws: LinearLaw[] = []
  const devices = [...new Set(readings.map(series => series.split('/')[0]!))]
  for (const description of book.descriptions) {
    for (const source of description.invariants.flatMap(part => spelledOut(part, description, devices))) {
      const law = readSource(source, '', [])
      const asked = Object.values(law?.values ?? {})
      if (law === undefined || !asked.some(series => readings.includes(series))) continue
      const lacking = asked.filter(series => !readings.includes(series))
      const linear = lacking.length > 0 ? `it needs ${lacking.join(', ')}` : linearOf(law)
      if (typeof linear === 'string') left.push({ name: law.name, why: linear })
      else laws.push(linear)
    }
  }
  return { columns, laws, left }
}

/** A law for each device that `${device}` stands for among some; itself where it names none. */
function spelledOut({ value }: Part, { covers }: Description, devices: readonly string[]): unknown[] {
  const text = JSON.stringify(value)
  if (!text.includes('${device}')) return [value]
  return devices.filter(covers).map(device => JSON.parse(text.replaceAll('${device}', device)))
}

function limitsOf(book: ProfileBook, series: string): { limits: ColumnLimits; changes: boolean } | Unfit {
  const [device = '', name = '', more] = series.split('/')
  const { affordances = [] } = book.profileOf(device) ?? {}
  const known = affordances.flatMap(({ signals }) => signals)
  const affordance = affordances.find(({ signals }) => signals.some(signal => signal.name === name))
  const signal = known.find(each => each.name === name)
  if (more !== undefined || affordance === undefined || signal === undefined) {
    const names = known.map(each => `${device}/${each.name}`)
    const hint = names.length === 0 ? 'Name readings as device/name (rw:name).' : suggestion(series, names)
    return { series, what: `no profile has the reading ${series}`, hint }
  }
  const schema = schemaOf(affordance.part, name)
  if (schema === undefined || signal.states.length > 0 || !isNumeric(schema))
    return { series, what: `${series} is no number`, hint: 'Leave it out: what is no number stays as it is.' }
  return { limits: { series, ...rangeOf(schema), step: stepOf(schema, signal) }, changes: signal.change !== null }
}

/** The schema of a reading, whichever of an affordance's it stands in. */
function schemaOf(affordance: Part, name: string): Part | undefined {
  return [affordance, affordance.at('data')]
    .filter(part => part.isObject)
    .flatMap(part => [...new Fields(part).walk()])
    .find(part => part.at('rw:name').value === name)
}

/** Where a reading is sent in several units its steps are those of none. */
function stepOf(schema: Part, { conversions }: SignalType): number {
  if (isConverting(conversions)) return 0
  const multiple = schema.at('multipleOf').value
  if (typeof multiple === 'number' && multiple > 0) return multiple
  return schema.at('type').value === 'integer' ? 1 : 0
}
