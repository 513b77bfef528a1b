import { suggestion } from '../../config/near.ts'
import type { Problem } from '../../config/problem.ts'
import { CelError, type CelType, compileCel, type Run, type Scope } from '../cel/index.ts'
import type { Law, SeriesTable, SeriesType } from '../types.ts'
import { Frame } from './frame.ts'
import { CompiledLaw } from './law.ts'
import { compileSay } from './say.ts'
import { type LawSeverity, type LawSource, readSource } from './source.ts'
import { DriftWindow } from './window.ts'

/** Where a law stands. */
export interface LawPlace {
  /** JSON pointer to the law: `/rw:invariants/0`. */
  readonly field: string
  readonly file?: string
  /** What `${device}` stands for in the names of series, where the profile is for several devices. */
  readonly device?: string
}

/** A law with what the compiler of profiles has to know of it. */
export interface Compiled {
  readonly name: string
  readonly severity: LawSeverity
  /** It is judged with messages that bring one of these series. */
  readonly on: readonly number[]
  /** All series that it reads. */
  readonly reads: readonly number[]
  /** Those of which it asks for an area, which grows with every message. */
  readonly areas: readonly number[]
  readonly law: Law
}

export type LawResult =
  | { readonly ok: true; readonly compiled: Compiled }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Compiles one object of `rw:invariants` against the series of all profiles. Never throws for what the source holds: problems
 * have the codes of profiles (`profile_missing`, `profile_value`, `profile_unknown_term`), `law_series`, or those of CEL.
 */
export function compileLaw(source: unknown, table: SeriesTable, place: LawPlace): LawResult {
  const problems: Problem[] = []
  const read = readSource(source, place.field, problems)
  const compiled = read === undefined ? undefined : compile(read, table, place, problems)
  if (compiled !== undefined && problems.length === 0) return { ok: true, compiled }
  const { file } = place
  if (file === undefined) return { ok: false, problems }
  return { ok: false, problems: problems.map(each => ({ ...each, place: { ...each.place, file } })) }
}

function compile(read: LawSource, table: SeriesTable, place: LawPlace, problems: Problem[]): Compiled | undefined {
  const find = (name: string, key: string): SeriesType | undefined => {
    const full = place.device === undefined ? name : name.replaceAll('${device}', place.device)
    const found = table.find(full)
    if (found !== undefined) return found
    const hint = 'Name a reading of a profile as device/name (rw:name).'
    problems.push({
      code: 'law_series',
      what: `no profile has the series ${full}`,
      hint,
      place: { field: `${place.field}/${key}` },
    })
    return undefined
  }
  const types = new Map<string, SeriesType>()
  for (const [name, series] of Object.entries(read.values)) {
    const type = find(series, `values/${name}`)
    if (type !== undefined) types.set(name, type)
  }
  const on = read.on.map((series, index) => find(series, `on/${index}`)?.series)
  if (problems.length > 0) return undefined

  const frame = new Frame(types)
  const expression = <Result>(key: string, make: () => Result): Result | undefined => {
    try {
      return make()
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      const { code, what, hint, place: where } = error
      problems.push({ code, what, hint, place: { ...where, field: `${place.field}/${key}` } })
      return undefined
    }
  }
  const typed = (key: string, text: string, type: CelType) => expression(key, () => compileAs(text, frame, type))
  frame.lookBack = false
  const when = read.when === undefined ? null : typed('when', read.when, 'boolean')
  frame.lookBack = true
  const key = read.residual === undefined ? 'check' : 'residual'
  const text = read.residual ?? read.check ?? ''
  const run = typed(key, text, key === 'check' ? 'boolean' : 'number')
  const { say: template, drift } = read
  const say = template === undefined ? null : expression('say', () => compileSay(template, frame))
  if (when === undefined || run === undefined || say === undefined) return undefined
  const reads = [...types.values()].map(each => each.series)
  const unread = on.findIndex(series => series !== undefined && !reads.includes(series))
  if (unread !== -1) {
    const what = `${read.on[unread]} is none of the law's values`
    const hint = suggestion(read.on[unread], Object.values(read.values))
    problems.push({ code: 'law_series', what, hint, place: { field: `${place.field}/on/${unread}` } })
    return undefined
  }
  frame.seal()
  const law = new CompiledLaw({
    name: read.name,
    frame,
    when,
    run,
    tolerance: read.tolerance ?? null,
    unit: read.unit,
    stale: read.stale,
    window: drift === undefined ? null : new DriftWindow(drift.window, drift.kind, drift.limit),
    say,
    source: text,
  })
  const { areas } = frame
  return { name: read.name, severity: read.severity, on: on.filter(series => series !== undefined), reads, areas, law }
}

function compileAs(source: string, scope: Scope, wanted: CelType): Run {
  const { type, run } = compileCel(source, scope)
  if (type === wanted) return run
  const hint = wanted === 'boolean' ? 'Compare something.' : 'Write what should be 0 where the law holds.'
  throw new CelError('cel_type', `a ${wanted} is expected, not a ${type}`, hint, 1)
}
