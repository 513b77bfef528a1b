import type { Judged, PayloadFormat } from './format.ts'

/** What the validator said of a payload, and how it disagrees with the reference; `why` is null where it does not. */
export function disagreement(
  format: PayloadFormat,
  judged: Judged,
  bytes: Uint8Array,
): { readonly code: string | null; readonly why: string | null } {
  try {
    const code = format.check(judged, bytes)
    const { good, codes } = format.reference(judged, bytes)
    if (code === null) return { code, why: good ? null : 'the validator accepts what the reference refuses' }
    const why = good && !codes.has(code) ? `the validator refuses with ${code} what the reference accepts` : null
    return { code, why }
  } catch (error) {
    return { code: null, why: `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }
  }
}
