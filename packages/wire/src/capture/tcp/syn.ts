import type { Closing } from '../flow.ts'
import { Flag, type Segment } from '../net/segment.ts'
import type { Stream } from './stream.ts'

/** A connection that was silent for so long makes way for a new one with its ports. */
const STALE_MS = 60_000
/**
 * Soon after the end a SYN with the number of the one that began the connection is that one, captured twice. Later it is not: some clients try a
 * refused connection again with the same number after half a second, and somebody who wants to be overlooked may take it again at once; of
 * that one the answer tells, for the server chooses its own.
 */
const TWICE_MS = 400
/** A SYN that comes after its connection's data is at most so far behind them. */
const LATE_BYTES = 1_048_576

/**
 * What a SYN means for a connection that is known:
 * - `begins`: it is the one that begins it, or begins it again before anything was said;
 * - `repeats`: it was seen before, or comes late;
 * - `anew`: its ports are used for another connection;
 * - `odd`: a living connection does not take it.
 */
export type SynMeaning = 'begins' | 'repeats' | 'anew' | 'odd'

/** What is known of the connection. */
export interface Known {
  readonly closed: Closing | null
  /** Time of the last packet. */
  readonly heard: number
  /** The sequence number of a SYN that it did not take. */
  readonly pendingSyn: number | null
  otherThan(stream: Stream): Stream
}

/** Judges a SYN that `stream`'s end sends. */
export function judgeSyn(connection: Known, stream: Stream, segment: Segment, time: number): SynMeaning {
  const other = connection.otherThan(stream)
  const again = stream.synchronized && stream.syn === segment.sequence
  if (connection.closed !== null) return again && time - connection.heard < TWICE_MS ? 'repeats' : 'anew'
  if (again) return 'repeats'
  if (isLate(stream, segment)) return 'repeats'
  return (segment.flags & Flag.ACK) === 0
    ? judgeFirst(connection, stream, other, time)
    : judgeAnswer(connection, stream, segment)
}

/** Data that the SYN goes before were captured before it. */
function isLate(stream: Stream, { sequence }: Segment): boolean {
  if (stream.synchronized || !stream.known) return false
  const behind = (stream.next - sequence - 1) | 0
  return behind >= 0 && behind < LATE_BYTES
}

function judgeFirst(connection: Known, stream: Stream, other: Stream, time: number): SynMeaning {
  if (stream.bytes + other.bytes === 0 && !other.synchronized) return 'begins'
  return other.packets === 0 || time - connection.heard >= STALE_MS ? 'anew' : 'odd'
}

/** The answer to a SYN that a living connection did not take shows that there is a new one. */
function judgeAnswer(connection: Known, stream: Stream, { acknowledgement }: Segment): SynMeaning {
  if (connection.pendingSyn !== null && acknowledgement === ((connection.pendingSyn + 1) | 0)) return 'anew'
  return stream.known ? 'odd' : 'begins'
}
