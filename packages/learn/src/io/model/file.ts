import { LearnError } from '../../base/error.ts'
import { checkAgreement } from './agreement.ts'
import type { AnyModel, ModelKind } from './any.ts'
import { canonical, digestOf, type Json } from './canonical.ts'
import { checkBody } from './check.ts'
import { modelOf, partsOf } from './parts.ts'
import type { Preprocessing } from './preprocess.ts'
import { loadArray, type StoredArray, storeArray } from './tensors.ts'

export const FORMAT = 'ringwall-model'
/** 2: trees without what follows from the rest of them. */
export const VERSION = 2

/** A column of the data that a model was made from. */
export interface SchemaColumn {
  readonly name: string
  readonly kind: 'number' | 'time' | 'category'
  readonly role: 'feature' | 'label' | 'time' | 'ignored'
  /** Of numbers: the range that was seen. */
  readonly least?: number
  readonly most?: number
  readonly missing: number
  /** Of words: those that were seen. */
  readonly categories?: readonly string[]
}

/** From which score on a row is told. */
export interface ModelCalibration {
  readonly threshold: number
  /** The share of normal rows that are above it. */
  readonly falseAlarms: number
}

/** How a model came to be. */
export interface TrainingRecord {
  readonly rows: number
  readonly seed: number
  /** All that was said to the training. */
  readonly options: Json
  /** SHA-256 of the training data. */
  readonly data: string
  /** When, as the caller says it: ISO 8601. */
  readonly date: string
  /** What was measured, and on what: accuracy of a validation part, say. */
  readonly figures?: Readonly<Record<string, number>>
  /** Of a classifier, how many rows each class had, in the order of `classes`. */
  readonly classRows?: readonly number[]
}

/** Everything that a model file holds. */
export interface ModelRecord {
  readonly model: AnyModel
  readonly schema: readonly SchemaColumn[]
  readonly preprocessing: Preprocessing
  /** Of a classifier, what its classes are called. */
  readonly classes: readonly string[]
  /** Of what tells alarms by a score. */
  readonly calibration?: ModelCalibration
  readonly training: TrainingRecord
}

/** A model that was read, with the SHA-256 of all that its file says. */
export interface LoadedModel extends ModelRecord {
  readonly digest: string
}

interface Body extends Omit<ModelRecord, 'model'> {
  readonly kind: ModelKind
  readonly options: object
  readonly tensors: readonly StoredArray[]
}

/**
 * Writes a model file: one JSON document `{format, version, digest, body}`. The digest is SHA-256 over the body's canonical form (RFC 8785), so that a file may be laid out anew
 * without breaking it, and anything else breaks it. Error: `model_disagrees`.
 */
export async function writeModel({ model, ...record }: ModelRecord): Promise<string> {
  const { kind, options, arrays } = partsOf(model)
  checkAgreement(kind, options, record)
  const body: Body = { ...record, kind, options, tensors: arrays.map(storeArray) }
  const text = canonical(body as unknown as Json)
  const digest = await digestOf(text)
  return `{"format":"${FORMAT}","version":${VERSION},"digest":"${digest}",\n"body":${text}}\n`
}

/**
 * Reads a model file and makes sure that it is what was written. Errors: `model_malformed`, `model_version`, `model_digest`, `model_disagrees`, `model_kind`, `model_options`, `model_tensor`,
 * and those of the models themselves.
 */
export async function readModel(text: string): Promise<LoadedModel> {
  let file: { format?: unknown; version?: unknown; digest?: unknown; body?: Body }
  try {
    file = JSON.parse(text) as typeof file
  } catch {
    throw new LearnError('model_malformed', 'no model file: expected JSON')
  }
  if (file === null || file.format !== FORMAT)
    throw new LearnError('model_malformed', `no model file: expected "format": "${FORMAT}"`)
  if (file.version !== VERSION)
    throw new LearnError(
      'model_version',
      `a model file of version ${String(file.version)}: this reads version ${VERSION}; make the model again`,
    )
  const { body } = file
  if (body === undefined || body === null) throw new LearnError('model_malformed', 'no model file: expected a body')
  const digest = await digestOf(canonical(body as unknown as Json))
  if (digest !== file.digest)
    throw new LearnError(
      'model_digest',
      `the file was changed: its digest is ${digest}, and it says ${String(file.digest)}`,
    )
  checkBody(body)
  const { kind, options, tensors, ...record } = body
  checkAgreement(kind, options, record)
  const model = modelOf({ kind, options, arrays: tensors.map(loadArray) })
  return { ...record, model, digest }
}
