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
  /** A probability. */
  readonly threshold: number
  readonly severity: Exclude<Config['intrusion'], 'off'>['severity']
  /** Milliseconds. */
  readonly quiet: number
}

type Body = Pick<LoadedModel, 'schema' | 'classes' | 'preprocessing'> & { readonly kind: string }

/**
 * Reads the model that a configuration names, and makes sure that it is the one that was pinned and that it is about sessions; null
 * where none is named. Error: `ConfigError` with `intrusion_model` or `intrusion_digest`.
 */
export function readIntrusion({ intrusion }: Config): IntrusionSource | null {
  if (intrusion === 'off') return null
  const { model: file, digest, normal, threshold, severity, quiet } = intrusion
  const text = readText(file)
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
  const unknown = normal.find(name => !body.classes.includes(name))
  if (unknown !== undefined) {
    const hint = `Its classes are ${body.classes.join(', ')}.`
    throw wrong('intrusion_model', `the model has no class ${quote(unknown)}`, hint, {
      field: 'intrusion.normal',
      file,
    })
  }
  return { file, text, digest, size: sizeOf(body, file), normal, threshold: threshold / 100, severity, quiet }
}

const REMAKE = 'Make it with `ringwall learn sessions` and `ringwall learn fit`.'

function bodyOf(text: string, file: string): Body {
  try {
    const { body } = JSON.parse(text) as { body: Body }
    const steps = body.preprocessing.steps
    const odd = steps.find(({ from, kind }) => kind !== 'number' || !isColumn(from))
    if (odd !== undefined)
      throw wrong('intrusion_model', `its input ${quote(odd.from)} is none of a session's`, REMAKE, { file })
    if (['boosted-trees', 'random-forest'].includes(body.kind) && Array.isArray(body.classes)) return body
    throw wrong('intrusion_model', `a model of kind ${quote(body.kind)} tells no classes of sessions`, REMAKE, { file })
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw wrong('intrusion_model', 'it is no model file', REMAKE, { file })
  }
}

const isColumn = (name: string): boolean =>
  COLUMN_NAMES.includes(name) || (SIZE_COLUMNS as readonly string[]).includes(name)

function sizeOf({ schema }: Body, file: string): WindowSize {
  const [seconds, most] = SIZE_COLUMNS.map(name => {
    const { least, most } = schema.find(column => column.name === name) ?? {}
    if (least !== undefined && least === most && least > 0) return least
    const what = `its table does not have one ${name} for all rows`
    throw wrong('intrusion_model', what, `${REMAKE} All rows must have windows of one size.`, { file })
  })
  return { span: 1_000 * seconds, most }
}

const wrong = (code: string, what: string, hint: string, place: Problem['place']): ConfigError =>
  new ConfigError([{ code, what, hint, place }])
