import { COLUMNS } from '../models.testkit.ts'
import type { AnyModel } from './any.ts'
import { canonical, digestOf, type Json } from './canonical.ts'
import { writeModel } from './file.ts'
import type { ModelRecord } from './record.ts'

/** What columns are called, one in a way that is markup. */
const NAMES = Array.from({ length: COLUMNS }, (_, i) => (i === 0 ? 'x|<b>' : `x${i}`))

function classesOf({ kind, model }: AnyModel): number {
  if (kind === 'boosted-trees') return model.classes
  if (kind === 'random-forest') return model.model.classes
  return kind === 'mlp-classifier' ? 3 : 0
}

/** A record around a model of `COLUMNS` columns. */
export function recordOf(model: AnyModel): ModelRecord {
  const classes = ['bad', 'good', 'so-so'].slice(0, classesOf(model))
  return {
    model,
    schema: [
      ...NAMES.map(name => ({ name, kind: 'number', role: 'feature', least: -1, most: 2.5, missing: 3 }) as const),
      { name: 'state', kind: 'category', role: 'label', missing: 0, categories: classes },
    ],
    preprocessing: { steps: NAMES.map(from => ({ from, kind: 'number', mean: 0, scale: 1, missing: null })) },
    classes,
    calibration: { threshold: 0.6, falseAlarms: 0.01 },
    training: {
      rows: 300,
      seed: 3,
      options: { rounds: 9 },
      data: 'ab12',
      date: '2026-01-02T03:04:05Z',
      figures: { accuracy: 0.97 },
    },
  }
}

/** The body of a model file, to be broken. */
export type Body = Record<string, Json>

/** The body of the file of a model. */
export async function bodyOf(model: AnyModel): Promise<Body> {
  return (JSON.parse(await writeModel(recordOf(model))) as { body: Body }).body
}

/** A file of a body, with the digest that fits. */
export async function fileOf(body: Body): Promise<string> {
  return JSON.stringify({ format: 'ringwall-model', version: 2, digest: await digestOf(canonical(body)), body })
}
