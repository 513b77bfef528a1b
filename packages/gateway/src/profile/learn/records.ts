import { RingwallError } from '../../base/error.ts'

/** One recorded message. */
export interface RecordedMessage {
  /** Wall milliseconds since the Unix epoch. */
  readonly time: number
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: number
  readonly retain: boolean
}

/** A line longer than this is no message that a profile could be learned from. */
const LONGEST_LINE = 1_048_576

const encoder = new TextEncoder()

/**
 * Reads one line of a recording: the JSON that `mosquitto_sub -F %j` or `-F %J` prints, or the same with `payloadHex` in place of
 * `payload` for bytes that are no text. Null for an empty line.
 * Error: `recording_line` with file and line.
 */
export function readRecord(text: string, file: string, line: number): RecordedMessage | null {
  if (text.trim() === '') return null
  const bad = (what: string): RingwallError => new RingwallError('recording_line', what, HINT, { file, line })
  if (text.length > LONGEST_LINE) throw bad(`a line of ${text.length} characters`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw bad('not a JSON object')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw bad('not a JSON object')
  const { tst, topic, qos, retain, payload, payloadHex } = { ...parsed } as Record<string, unknown>
  if (typeof topic !== 'string' || topic === '') throw bad('`topic` is missing')
  const time = timeOf(tst)
  if (!Number.isFinite(time)) throw bad('`tst` is neither an ISO 8601 time nor milliseconds since 1970')
  const bytes = payloadHex === undefined ? bytesOf(payload) : hexBytes(payloadHex)
  if (bytes === null) throw bad('`payloadHex` is no hexadecimal text')
  return {
    time,
    topic,
    payload: bytes,
    qos: typeof qos === 'number' ? qos : 0,
    retain: retain === true || retain === 1,
  }
}

const HINT = "Record with: mosquitto_sub -t '#' -F '%j' > traffic.jsonl"

/** Mosquitto writes `2026-01-31T12:00:00.123456Z+0000`: the offset behind the Z says nothing more and Date does not take it. */
function timeOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? Date.parse(value.replace(/Z[+-]\d{4}$/, 'Z')) : Number.NaN
}

function bytesOf(payload: unknown): Uint8Array {
  if (payload === undefined || payload === null) return new Uint8Array(0)
  return encoder.encode(typeof payload === 'string' ? payload : JSON.stringify(payload))
}

function hexBytes(text: unknown): Uint8Array | null {
  if (typeof text !== 'string' || !/^([0-9a-f]{2})*$/i.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}
