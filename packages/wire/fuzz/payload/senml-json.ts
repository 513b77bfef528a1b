import type { PayloadFormat } from './format.ts'
import { FUZZ_LIMITS } from './json.ts'
import { referenceOf } from './json-reference.ts'
import { randomPack } from './random-pack.ts'
import { mutateText, randomText } from './random-text.ts'
import { judgedPack, PackPairs } from './senml.ts'
import { type Field, isGoodPack, type Record } from './senml-reference.ts'

const pairs = new PackPairs('json')

/** SenML in JSON beside JSON.parse, a resolver written for it, and ajv. */
export const senmlJson: PayloadFormat = {
  name: 'senml-json',
  generate: judgedPack,
  encode: (_, random) => new TextEncoder().encode(randomText(randomPack(random), random)),
  mutate: mutateText,
  check: (judged, bytes) => pairs.check(judged, bytes),
  reference(judged, bytes) {
    const { validate } = pairs.of(judged)
    const isGood = (value: unknown) => {
      const records = recordsOf(value)
      return records !== null && isGoodPack(records, validate, FUZZ_LIMITS.stringBytes)
    }
    return referenceOf(isGood, bytes, FUZZ_LIMITS)
  },
}

function recordsOf(value: unknown): readonly Record[] | null {
  if (!Array.isArray(value)) return null
  const records: Record[] = []
  for (const one of value) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return null
    const record = new Map<string, Field>()
    for (const [label, field] of Object.entries(one as object)) {
      const read = fieldOf(label, field)
      if (read === null) return null
      record.set(label, read)
    }
    records.push(record)
  }
  return records
}

function fieldOf(label: string, field: unknown): Field | null {
  if (label === 'vd') return typeof field === 'string' && isData(field) ? { data: field } : null
  return typeof field === 'string' || typeof field === 'number' || typeof field === 'boolean' ? field : null
}

/** base64url without padding: some bytes have this text, but for bits that no byte takes. */
function isData(text: string): boolean {
  return !/[^-_A-Za-z0-9]/.test(text) && text.length % 4 !== 1
}
