import type { Preprocessing, Step } from '@ringwall/learn/io'
import type { ColumnRule, Feasible, LinearRule } from '@ringwall/learn/robust'
import { RingwallError } from '../base/error.ts'
import { twiceIn } from './learn-constraints-keys.ts'
import { readWhole } from './learn-input.ts'

/** What a file of constraints says: of columns by name, and laws over them, in the columns' own units. */
export interface Constraints {
  readonly columns: ReadonlyMap<string, ColumnRule>
  readonly laws: readonly { readonly weights: ReadonlyMap<string, number>; readonly most?: number }[]
}

/** Of a column's deviation: of smaller steps nobody can tell one from the next. */
const LEAST_STEP = 1e-12

const NONE: Constraints = { columns: new Map(), laws: [] }
const RULE_KEYS = ['fixed', 'least', 'most', 'step', 'only']

/** Reads `{"columns": {NAME: {fixed, least, most, step, only}}, "laws": [{"weights": {NAME: number}, "most": number}]}`. Errors: `file_unusable`, `constraints_json`, `constraints_key`, `constraints_value`. */
export function readConstraints(file: string | undefined): Constraints {
  if (file === undefined) return NONE
  const text = readWhole(file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new RingwallError('constraints_json', 'it is no JSON', HINT, { file }, error)
  }
  const twice = twiceIn(text)
  if (twice !== null)
    throw new RingwallError('constraints_key', `'${twice}' stands twice in one object`, 'Keep one.', { file })
  const { columns = {}, laws = [] } = objectOf(file, '', value, ['columns', 'laws'])
  const named = Object.entries(objectOf(file, 'columns', columns)).map(
    ([name, rule]) => [name, ruleOf(file, `columns.${name}`, rule)] as const,
  )
  if (!Array.isArray(laws)) throw wrong(file, 'laws', 'a list of laws')
  return { columns: new Map(named), laws: laws.map((law, i) => lawOf(file, `laws[${i}]`, law)) }
}

const HINT =
  'Write {"columns": {"NAME": {"fixed": true}}, "laws": [{"weights": {"NAME": 1}, "most": 0}]}; see learn-robust.md.'

function wrong(file: string, field: string, expected: string): RingwallError {
  return new RingwallError('constraints_value', `expected ${expected}`, HINT, { file, field })
}

function objectOf(file: string, field: string, value: unknown, keys?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(file, field, 'an object')
  for (const key of Object.keys(value)) {
    if (keys?.includes(key) === false)
      throw new RingwallError('constraints_key', `there is no '${key}' here: expected ${keys.join(', ')}`, HINT, {
        file,
        field,
      })
  }
  return value as Record<string, unknown>
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function ruleOf(file: string, field: string, value: unknown): ColumnRule {
  const rule = objectOf(file, field, value, RULE_KEYS)
  const { fixed, only } = rule
  if (fixed !== undefined && typeof fixed !== 'boolean') throw wrong(file, `${field}.fixed`, 'true or false')
  if (only !== undefined && only !== 'up' && only !== 'down') throw wrong(file, `${field}.only`, '"up" or "down"')
  for (const key of ['least', 'most', 'step'])
    if (rule[key] !== undefined && !isNumber(rule[key])) throw wrong(file, `${field}.${key}`, 'a number')
  const { least, most, step } = rule as ColumnRule
  if (step !== undefined && !(step > 0)) throw wrong(file, `${field}.step`, 'a number above 0')
  if (least !== undefined && most !== undefined && !(least <= most)) throw wrong(file, field, 'a least up to the most')
  return rule as ColumnRule
}

function lawOf(file: string, field: string, value: unknown): Constraints['laws'][number] {
  const { weights, most } = objectOf(file, field, value, ['weights', 'most'])
  const each = Object.entries(objectOf(file, `${field}.weights`, weights))
  if (each.length === 0) throw wrong(file, `${field}.weights`, 'a weight or more')
  for (const [name, weight] of each) if (!isNumber(weight)) throw wrong(file, `${field}.weights.${name}`, 'a number')
  if (each.every(([, weight]) => weight === 0)) throw wrong(file, `${field}.weights`, 'a weight that is not 0')
  if (most !== undefined && !isNumber(most)) throw wrong(file, `${field}.most`, 'a number')
  return { weights: new Map(each as [string, number][]), ...(most === undefined ? {} : { most }) }
}

/** What can be done to a model's inputs: words stay as they are, numbers as constraints say, told in what the model takes. @param yardstick whose inputs that do not move are fixed whatever is said, and by whose deviations steps are held to be too small. Errors: `constraints_column`, `constraints_value`. */
export async function feasibleOf(
  { columns, laws }: Constraints,
  { steps }: Preprocessing,
  { scale, still }: { readonly scale: readonly number[]; readonly still: readonly boolean[] },
  file: string,
): Promise<Feasible> {
  const { Feasible } = await import('@ringwall/learn/robust')
  const inputs = inputsOf(steps)
  const known = new Map(steps.map(step => [step.from, step]))
  for (const name of [...columns.keys(), ...laws.flatMap(({ weights }) => [...weights.keys()])]) {
    const step = known.get(name)
    const what =
      step === undefined ? `the model has no column '${name}'` : `column '${name}' holds words, which stay as they are`
    if (step?.kind !== 'number')
      throw new RingwallError('constraints_column', what, 'Name columns of numbers that the model takes.', {
        file,
        field: name,
      })
  }
  for (const [i, { from, ...step }] of inputs.entries()) {
    const rule = columns.get(from)
    if (step.kind === 'number' && rule?.step !== undefined && !(rule.step / step.scale >= LEAST_STEP * scale[i]!))
      throw wrong(
        file,
        `columns.${from}.step`,
        `a step that can be told from none, above ${LEAST_STEP * scale[i]! * step.scale}`,
      )
  }
  const rules = inputs.map((step, i) => (still[i] === true ? { fixed: true } : ruleFor(step, columns.get(step.from))))
  return new Feasible({
    columns: inputs.length,
    rules,
    laws: laws.map(({ weights, most }, i): LinearRule => {
      const places = inputs.map(step =>
        step.kind === 'number' ? { ...step, weight: weights.get(step.from) ?? 0 } : null,
      )
      const shift = places.reduce((sum, place) => sum + (place === null ? 0 : place.weight * place.mean), 0)
      const placed = places.map(place => (place === null ? 0 : place.weight * place.scale))
      if (![...placed, shift, (most ?? 0) - shift].every(Number.isFinite) || placed.every(weight => weight === 0))
        throw wrong(file, `laws[${i}]`, 'weights that neither overflow nor vanish')
      return { weights: placed, ...(most === undefined ? {} : { most: most - shift }) }
    }),
  })
}

function ruleFor(step: Step, rule: ColumnRule | undefined): ColumnRule {
  if (step.kind !== 'number') return { fixed: true }
  if (rule === undefined) return {}
  const { least, most, step: width, ...rest } = rule
  const placed = (value: number): number => (value - step.mean) / step.scale
  return {
    ...rest,
    ...(least === undefined ? {} : { least: placed(least) }),
    ...(most === undefined ? {} : { most: placed(most) }),
    ...(width === undefined ? {} : { step: width / step.scale }),
  }
}

/** The step that each input of a model comes from. */
export function inputsOf(steps: readonly Step[]): Step[] {
  return steps.flatMap((step): Step[] => (step.kind === 'one-of' ? step.words.map(() => step) : [step]))
}
