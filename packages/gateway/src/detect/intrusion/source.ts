import { createHash } from 'node:crypto'
import { canonical, type Json } from '@ringwall/learn/canonical'
import type { LoadedModel } from '@ringwall/learn/io'
import type { Config } from '../../config/index.ts'
import { ConfigError, Flaw, type Problem, quote } from '../../config/problem.ts'
import { readText } from '../../config/text.ts'
import { COLUMN_NAMES, SIZE_COLUMNS, type WindowSize } from '../../evidence/sessions/index.ts'

/** What the section `intrusion` asks for, with the model as it was read. */
export interface IntrusionSource {
  readonly file: string
  readonly text: string
  readonly digest: string
  /** As its table was made: `ringwall learn sessions` writes it into each row. */
  readonly size: WindowSize
  readonly normal: readonly string[]
  /** A probability: see `Detection`. */
  readonly threshold: number
  readonly severity: Exclude<Config['intrusion'], 'off'>['severity']
  /** Milliseconds. */
  readonly quiet: number
  /** What becomes of windows that an ensemble does not decide. */
  readonly doubt: Exclude<Config['intrusion'], 'off'>['doubt']
}

/** The class of alarms of what is not decided. */
export const UNKNOWN = 'unknown'

/** As `ringwall learn sessions` takes it, in milliseconds. */
const LONGEST = 3_600_000
/** Kinds of models that are asked. */
const KINDS = ['boosted-trees', 'random-forest', 'ensemble', 'attack-detector']
/** Those of them that know when not to decide. */
const DOUBTING = ['ensemble', 'attack-detector']
/** Bytes of a model file: an ensemble has thousands of rows in it. */
const LARGEST = 64 * 1024 ** 2

type Body = Pick<LoadedModel, 'schema' | 'classes' | 'preprocessing'> & { readonly kind: string }

/**
 * Reads the model that a configuration names, and makes sure that it is the one that was pinned and that it fits sessions; null
 * where none is named. Error: `ConfigError` with `intrusion_model` (it is none that tells classes, or has no doubt that could be an alarm), `intrusion_digest` (another one),
 * `intrusion_columns` (inputs that no session has, or the order of rows), `intrusion_classes` (not those of the configuration) or `intrusion_windows` (its
 * captures were cut into windows of several sizes, or of none that can be).
 */
export function readIntrusion({ intrusion }: Config): IntrusionSource | null {
  if (intrusion === 'off') return null
  const { model: file, digest, normal, threshold, severity, quiet, doubt } = intrusion
  const text = readText(file, LARGEST)
  if (text instanceof Flaw) throw wrong('intrusion_model', text.what, text.hint, { file })
  const body = bodyOf(text, file)
  const found = createHash('sha256')
    .update(canonical(body as unknown as Json))
    .digest('hex')
  if (found !== digest) {
    const hint = 'Name the model that was approved, or approve this one: `ringwall learn report` shows what it is.'
    throw wrong('intrusion_digest', `the model's digest is ${found}, not ${digest}`, hint, {
      file,
      field: 'intrusion.digest',
    })
  }
  const place = { field: 'intrusion.normal', file }
  const unknown = normal.find(name => !body.classes.includes(name))
  const hint = `Its classes are ${body.classes.map(quote).join(', ')}.`
  if (unknown !== undefined) throw wrong('intrusion_classes', `the model has no class ${quote(unknown)}`, hint, place)
  if (body.classes.every(name => normal.includes(name)))
    throw wrong('intrusion_classes', 'all classes of the model are normal: none would be an alarm', hint, place)
  if (doubt === 'alarm') checkDoubt(body, file)
  return { file, text, digest, size: sizeOf(body, file), normal, threshold: threshold / 100, severity, quiet, doubt }
}

function checkDoubt({ kind, classes }: Body, file: string): void {
  const place = { field: 'intrusion.doubt', file }
  const hint = 'Make it with `ringwall learn harden` or `ringwall learn fit --algorithm ensemble`, or set doubt: off.'
  if (!DOUBTING.includes(kind))
    throw wrong('intrusion_model', `a model of kind ${quote(kind)} knows no doubt`, hint, place)
  const what = `the model has a class ${quote(UNKNOWN)} of its own`
  if (classes.includes(UNKNOWN)) throw wrong('intrusion_classes', what, 'Name it otherwise, or set doubt: off.', place)
}

const REMAKE = 'Make it with `ringwall learn sessions`, and `ringwall learn fit` or `ringwall learn harden`.'

function bodyOf(text: string, file: string): Body {
  const body = shapeOf(text)
  if (body === null) throw wrong('intrusion_model', 'it is no model file', REMAKE, { file })
  if (!KINDS.includes(body.kind) || body.classes.length < 2)
    throw wrong('intrusion_model', `a model of kind ${quote(body.kind)} tells no classes of sessions`, REMAKE, { file })
  if (body.preprocessing.rhythm !== undefined) {
    const hint = 'Fit it without `--stream`: windows of many sessions come as they end.'
    throw wrong('intrusion_columns', 'it was learned from the order of its rows, too', hint, { file })
  }
  const odd = body.preprocessing.steps.find(({ from, kind }) => kind !== 'number' || !isColumn(from))
  if (odd === undefined) return body
  throw wrong('intrusion_columns', `its input ${quote(odd.from)} is none of a session's`, REMAKE, { file })
}

/** What a model file has that is asked for here; null where it is none. The rest is `readModel`'s to judge. */
function shapeOf(text: string): Body | null {
  try {
    const { body } = JSON.parse(text) as { body: Body }
    const { kind, classes, schema, preprocessing } = body
    const isText = (value: unknown): boolean => typeof value === 'string'
    const isWhole =
      [kind, ...classes].every(isText) &&
      preprocessing.steps.every(({ from, kind: how }) => isText(from) && isText(how)) &&
      schema.every(({ name }) => isText(name))
    return isWhole ? body : null
  } catch {
    return null
  }
}

const isColumn = (name: string): boolean =>
  COLUMN_NAMES.includes(name) || (SIZE_COLUMNS as readonly string[]).includes(name)

function sizeOf({ schema }: Body, file: string): WindowSize {
  const [seconds, most] = SIZE_COLUMNS.map(name => {
    const { least, most: greatest } = schema.find(column => column.name === name) ?? {}
    if (least !== undefined && least === greatest && least > 0) return least
    const what = `its captures do not have one ${name} for all rows`
    throw wrong('intrusion_windows', what, `${REMAKE} All rows must have windows of one size.`, { file })
  })
  if (!Number.isInteger(most) || 1_000 * seconds > LONGEST) {
    const what = `windows of ${seconds} s and ${most} happenings cannot be`
    throw wrong('intrusion_windows', what, `${REMAKE} A window has at most an hour.`, { file })
  }
  return { span: 1_000 * seconds, most }
}

const wrong = (code: string, what: string, hint: string, place: Problem['place']): ConfigError =>
  new ConfigError([{ code, what, hint, place }])
