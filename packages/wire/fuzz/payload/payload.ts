import { Random } from '../random.ts'
import type { Tally, Target } from '../target.ts'
import type { Judged, PayloadFormat } from './format.ts'
import { formats } from './formats.ts'

const PAYLOADS = 200

/** The payload validators, format by format: no crash, no hang, and never another verdict than the reference's. */
export const payload: Target = {
  name: 'payload',
  run(seed, tally, begin) {
    const random = new Random(seed)
    const format = formats[((seed % formats.length) + formats.length) % formats.length]
    const judged = format.generate(seed)
    tally.runs++
    for (let i = 0; i < PAYLOADS; i++) {
      const made = format.encode(judged, random)
      const bytes = random.below(2) === 0 ? made : format.mutate(made, random)
      begin(bytes)
      tally.inputs++
      tally.bytes += bytes.length
      const why = disagreement(format, judged, bytes, tally)
      if (why !== null)
        return { why: `${format.name}: ${why}, schema ${JSON.stringify(judged.schema)}`, input: bytes, seed }
    }
    return null
  },
}

function disagreement(format: PayloadFormat, judged: Judged, bytes: Uint8Array, tally: Tally): string | null {
  try {
    const code = format.check(judged, bytes)
    const { good, codes } = format.reference(judged, bytes)
    if (code === null) {
      tally.frames++
      return good ? null : 'the validator accepts what the reference refuses'
    }
    tally.faults.set(code, (tally.faults.get(code) ?? 0) + 1)
    return good && !codes.has(code) ? `the validator refuses with ${code} what the reference accepts` : null
  } catch (error) {
    return `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}
