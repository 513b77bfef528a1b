import { checkKind } from './kinds.ts'
import { suggestion } from './near.ts'
import { Flaw, type Path, quote } from './problem.ts'
import type { Shape } from './shape.ts'
import { formatUnit, parseUnit, type Unit, WRITTEN } from './units.ts'

/** What reading needs besides the schema: the folder of relative paths, and where problems go. */
export interface Reading {
  readonly folder: string
  report(code: string, flaw: Flaw, path: Path, part?: 'key' | 'value'): void
}

/**
 * Reads a value by its schema into the form that `Config` has: units as numbers, defaults filled in, paths absolute.
 * What is wrong is reported; the result means something only if nothing was.
 */
export function read(shape: Shape, value: unknown, path: Path, reading: Reading): unknown {
  if (value === null || value === undefined) return empty()
  if (shape['x-unit'] !== undefined) return readMeasure(shape, shape['x-unit'], value, path, reading)
  if (shape['x-list'] !== undefined) {
    const items = { type: 'array', items: shape['x-list'], minItems: 1 }
    return Array.isArray(value) ? readList(items, value, path, reading) : [read(shape['x-list'], value, path, reading)]
  }
  if (shape.anyOf !== undefined) return readEither(shape.anyOf, value, path, reading)
  switch (shape.type) {
    case 'object':
      if (typeof value !== 'object' || Array.isArray(value)) return wrong(quote(value), 'Write keys with values.')
      return shape.patternProperties === undefined
        ? readSection(shape, value, path, reading)
        : readNamed(shape.patternProperties, value, path, reading)
    case 'array':
      return Array.isArray(value)
        ? readList(shape, value, path, reading)
        : wrong(quote(value), 'Write a list, such as [a, b].')
    case 'integer':
      return Number.isSafeInteger(value)
        ? inRange(shape, value as number, path, reading)
        : wrong(quote(value), 'Write a whole number.')
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(quote(value), 'Write true or false.')
    default:
      return typeof value === 'string'
        ? readText(shape, value, path, reading)
        : wrong(quote(value), textHint(shape, value))
  }

  function empty(): undefined {
    reading.report('config_no_value', new Flaw('there is no value here', 'Write one, or remove the key.'), path)
  }

  function wrong(found: string, hint: string): undefined {
    reading.report('config_wrong_type', new Flaw(`${found} does not belong here`, hint), path)
  }
}

function textHint(shape: Shape, value: unknown): string {
  if (shape.enum !== undefined) return `Write one of ${shape.enum.join(', ')}.`
  return typeof value === 'object' ? 'Write text.' : 'Write text, in quotes if it looks like a number.'
}

function readSection(shape: Shape, value: object, path: Path, reading: Reading): object {
  const properties = shape.properties ?? {}
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(properties, key)) continue
    const known = Object.keys(properties)
    reading.report(
      'config_unknown_key',
      new Flaw(`the key ${quote(key)} is not known`, suggestion(key, known)),
      [...path, key],
      'key',
    )
  }
  const result: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(properties)) {
    if (Object.hasOwn(value, key))
      result[key] = read(inner, (value as Record<string, unknown>)[key], [...path, key], reading)
    else if (inner.default !== undefined) result[key] = read(inner, inner.default, [...path, key], reading)
    else if (shape.required?.includes(key)) {
      const hint = inner.description ?? 'Add it.'
      reading.report(
        'config_missing_key',
        new Flaw(`the key ${quote(key)} is missing`, `Add it: ${hint}`),
        [...path, key],
        'key',
      )
    }
  }
  return result
}

function readNamed(patterns: Readonly<Record<string, Shape>>, value: object, path: Path, reading: Reading): object {
  const [pattern, inner] = Object.entries(patterns)[0]!
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => {
    if (!new RegExp(pattern).test(name)) {
      const hint = 'Use lowercase letters, digits and `-`, starting with a letter, at most 64.'
      reading.report('config_bad_name', new Flaw(`${quote(name)} cannot be a name here`, hint), [...path, name], 'key')
    }
    return [name, read(inner, each, [...path, name], reading)]
  })
  return Object.fromEntries(entries)
}

function readList(shape: Shape, value: readonly unknown[], path: Path, reading: Reading): unknown[] {
  if (value.length < (shape.minItems ?? 0)) {
    reading.report('config_out_of_range', new Flaw('the list is empty', 'Name at least one.'), path)
  }
  const most = shape.maxItems ?? Number.POSITIVE_INFINITY
  if (value.length > most) {
    reading.report('config_out_of_range', new Flaw(`the list has ${value.length} entries`, `At most ${most}.`), path)
  }
  return value.map((item, index) => read(shape.items!, item, [...path, index], reading))
}

// The unions of the schema are one word or a section.
function readEither(shapes: readonly Shape[], value: unknown, path: Path, reading: Reading): unknown {
  const word = shapes.find(shape => shape.const !== undefined)
  if (word !== undefined && value === word.const) return word.const
  const other = shapes.find(shape => shape !== word)!
  if (typeof value === 'object') return read(other, value, path, reading)
  const hint = `Write ${word === undefined ? '' : `${word.const} or `}{ ${Object.keys(other.properties ?? {}).join(', ')} }.`
  reading.report('config_wrong_type', new Flaw(`${quote(value)} does not belong here`, hint), path)
  return undefined
}

function readText(shape: Shape, value: string, path: Path, reading: Reading): string | undefined {
  if (shape.enum !== undefined) {
    if (shape.enum.includes(value)) return value
    const hint = suggestion(value, shape.enum)
    reading.report('config_bad_value', new Flaw(`${quote(value)} is not one of ${shape.enum.join(', ')}`, hint), path)
    return undefined
  }
  const fits =
    value.length >= (shape.minLength ?? 0) &&
    value.length <= (shape.maxLength ?? Number.POSITIVE_INFINITY) &&
    (shape.pattern === undefined || new RegExp(shape.pattern).test(value))
  const checked = fits
    ? checkKind(shape['x-kind']!, value, reading.folder)
    : new Flaw(`${shape['x-kind'] === 'url' ? 'the url' : quote(value)} does not fit here`, shape.description ?? '')
  if (typeof checked === 'string') return checked
  reading.report('config_bad_value', checked, path)
  return undefined
}

function readMeasure(shape: Shape, unit: Unit, value: unknown, path: Path, reading: Reading): number | undefined {
  const number = parseUnit(unit, value)
  if (number === undefined) {
    reading.report('config_wrong_type', new Flaw(`${quote(value)} is not a ${unit}`, `Write ${WRITTEN[unit]}.`), path)
    return undefined
  }
  return inRange({ minimum: shape['x-minimum']!, maximum: shape['x-maximum']! }, number, path, reading, unit)
}

function inRange(shape: Shape, value: number, path: Path, reading: Reading, unit?: Unit): number {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = shape
  if (value >= minimum && value <= maximum) return value
  const written = (number: number) => (unit === undefined ? String(number) : formatUnit(unit, number))
  const hint = `From ${written(minimum)} to ${written(maximum)}.`
  reading.report('config_out_of_range', new Flaw(`${written(value)} is out of range`, hint), path)
  return value
}
