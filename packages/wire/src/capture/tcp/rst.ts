import { Flag, type Segment } from '../net/segment.ts'
import type { Stream } from './stream.ts'

/** How far from where a stream stands a RST of its sender may be: before bytes that were not captured yet, or behind those that it answers. */
const WINDOW = 1_048_576

/**
 * What a RST means:
 * - `ends`: the receiver takes it, for it stands where the next byte is expected (RFC 5961). If any other were taken, anybody could
 *   end a connection for us that goes on;
 * - `early`: bytes that go before it were not captured yet;
 * - `answers`: it answers something that was sent before; the receiver drops it, and it does not tell of anything;
 * - `outside`: it has nothing to do with the stream.
 */
export type RstMeaning = 'ends' | 'early' | 'answers' | 'outside'

/** Judges a RST that `stream`'s end sends; `other` is the other direction, `midstream` says that no SYN was seen. */
export function judgeRst(stream: Stream, other: Stream, segment: Segment, midstream: boolean): RstMeaning {
  if (isExpected(stream, other, segment, midstream)) return 'ends'
  const ahead = (segment.sequence - stream.next) | 0
  if (!stream.known || Math.abs(ahead) >= WINDOW) return 'outside'
  return ahead > 0 ? 'early' : 'answers'
}

function isExpected(
  stream: Stream,
  other: Stream,
  { sequence, flags, acknowledgement }: Segment,
  midstream: boolean,
): boolean {
  if (stream.acknowledges && sequence === stream.acknowledged) return true
  if (stream.known) return sequence === stream.next || (stream.complete && sequence === ((stream.fin + 1) | 0))
  if (midstream) return !stream.acknowledges
  // The refusal of a SYN.
  return (flags & Flag.ACK) !== 0 && acknowledgement === other.next
}
