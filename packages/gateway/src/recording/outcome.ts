import type { Finding, Severity } from '../contract/index.ts'

/** What an act came to, as it is recorded and as digests see it. */
export interface Outcome {
  /** By `path/judge.ts`: 0 is allowed. */
  readonly decision: number
  /** Milliseconds to wait, where it is slowed down. */
  readonly wait: number
  readonly findings: readonly Finding[]
}

const NUMBER = 8
const LENGTH = 4
const ALLOWED = Uint8Array.of(0)

/** The one way to write an outcome: two are the same when their bytes are. @param wait counts after throttle (2) only */
export function outcomeBytes(decision: number, findings: readonly Finding[], wait: number): Uint8Array {
  if (decision === 0) return ALLOWED
  const texts = findings.flatMap(({ guard, code, severity, clause, why }) => [guard, code, severity, clause, why])
  const total = texts.reduce((sum, text) => sum + LENGTH + Buffer.byteLength(text), 1 + NUMBER + LENGTH)
  const bytes = Buffer.allocUnsafe(total)
  bytes[0] = decision
  bytes.writeDoubleLE(decision === THROTTLE ? wait : 0, 1)
  bytes.writeUInt32LE(findings.length, 1 + NUMBER)
  let at = 1 + NUMBER + LENGTH
  for (const text of texts) {
    const length = bytes.write(text, at + LENGTH)
    bytes.writeUInt32LE(length, at)
    at += LENGTH + length
  }
  return bytes
}

const THROTTLE = 2

/** Errors: `RangeError` where the bytes are none that `outcomeBytes` wrote. */
export function readOutcome(bytes: Buffer): Outcome {
  const decision = bytes.readUInt8(0)
  if (decision === 0) return { decision, wait: 0, findings: [] }
  const wait = bytes.readDoubleLE(1)
  const count = bytes.readUInt32LE(1 + NUMBER)
  let at = 1 + NUMBER + LENGTH
  const text = (): string => {
    const from = at + LENGTH
    const to = from + bytes.readUInt32LE(at)
    if (to > bytes.length) throw new RangeError('a text goes beyond its record')
    at = to
    return bytes.toString('utf8', from, to)
  }
  const findings: Finding[] = []
  for (let i = 0; i < count; i++) {
    findings.push({ guard: text(), code: text(), severity: text() as Severity, clause: text(), why: text() })
  }
  return { decision, wait, findings }
}
