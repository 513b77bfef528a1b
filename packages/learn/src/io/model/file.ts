import { LearnError } from '../../base/error.ts'
import { checkAgreement } from './agreement.ts'
import type { ModelKind } from './any.ts'
import { canonical, digestOf, type Json } from './canonical.ts'
import { checkBody } from './check.ts'
import { modelOf, partsOf } from './parts.ts'
import type { LoadedModel, ModelRecord } from './record.ts'
import { checkSeriesRecord } from './series.ts'
import { loadArray, type StoredArray, storeArray } from './tensors.ts'
import { checkWatchRecord } from './watch.ts'

export const FORMAT = 'ringwall-model'
/** 2: trees without what follows from the rest of them. */
export const VERSION = 2

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
 * `model_field` (of a series or watch), and those of the models themselves.
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
  if (model.kind === 'series') checkSeriesRecord(model.model, record)
  if (model.kind === 'watch') checkWatchRecord(model.model, record)
  return { ...record, model, digest }
}
