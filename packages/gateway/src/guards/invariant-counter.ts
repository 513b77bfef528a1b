import type { Captures } from '@ringwall/wire'
import type { Act, Lane, Report } from '../contract/index.ts'
import { LaneWord } from '../lanes/record.ts'
import { figure } from '../profile/law/index.ts'
import type { Continuity, Rule } from '../profile/types.ts'

export type Counter = Continuity & { readonly kind: 'counter' }

/** The words of a counter, behind its first. */
const COUNT = 0
const TIME = 1
const PHASE = 2
const LEASE = 3
const DIGEST = 4
const TRIED = 5

/** No payload's digest: nothing may be sent again. */
const NEVER = -1

/** A device's oscillator may go this many milliseconds a millisecond wrong for ever: 200 parts in a million. */
const OSCILLATOR = 2e-4

export function counterOf(rule: Rule): Counter | null {
  for (const each of rule.continuities) if (each.kind === 'counter') return each
  return null
}

/** Counts at the beginning of a connection that may be lost though `tolerance` allows none. */
const BEGINNING = 8
/** Counts that may be missing at once where the device keeps no period, and how many more for each millisecond since. */
const BURST = 1000
const FASTEST = 1

/** Instead of a number of missing counts: nothing is known of what was between, or the count is wrong. */
export const UNKNOWN = -1

/**
 * Holds a count against the one before and, where the device keeps a period, against the time that has passed. Counts that are
 * missing are no breach: QoS 0 may lose, and refused messages are missing too. With a new connection a count may begin anew, once:
 * anywhere where the device's clock says that the message is new, otherwise no further from zero than messages may have been lost or
 * refused. Where it goes on, it cannot have gone further than time has, so that nobody can say one that is never reached again.
 * @param now monotonic milliseconds
 * @param isFresh whether the device's own clock says that it has not said this before
 * @returns how many counts are missing before this one, or `UNKNOWN`
 */
export function judgeCounter(
  counter: Counter,
  rule: Rule,
  captures: Captures,
  { words }: Lane,
  now: number,
  isFresh: boolean,
  report: Report,
): number {
  const { word, field, slot, period, tolerance } = counter
  const said = captures.values[slot]
  if (Number.isNaN(said) || words[word + TIME] === 0) return UNKNOWN
  words[word + TRIED]++
  const last = words[word + COUNT]
  const elapsed = Math.max(0, now - words[word + TIME])
  const count = unwrap(counter, said, last, elapsed)
  const isReconnected = words[word + LEASE] !== words[LaneWord.epoch]
  const most = farthest(counter, last, elapsed)
  if (count > last && !isReconnected && period > 0) {
    const ahead = (count * period - now - words[word + PHASE]) / period
    if (Math.abs(ahead) <= tolerance) return count - last - 1
    const how = ahead > 0 ? 'ahead of' : 'behind'
    const why = `${field} is ${figure(Math.abs(ahead))} counts of ${period} ms ${how} the wall clock, where ${tolerance} are allowed`
    report.add('counter_pace', why, rule.profile, rule.criticality)
    return UNKNOWN
  }
  if (count > last && count <= most) return isReconnected && count > last + 1 ? UNKNOWN : count - last - 1
  if (isReconnected) {
    // A clock tells a restart from a replay. What is far ahead is a restart only where counts go round.
    if (isFresh && (count <= last || counter.modulus > 0)) return UNKNOWN
    if (count !== last && said <= tolerance + BEGINNING + words[word + TRIED]) return UNKNOWN
  }
  if (count > last) {
    const why = `${field} went on by ${count - last} counts in ${figure(elapsed / 1000)} s, where at most ${figure(most - last)} are possible`
    report.add('counter_pace', why, rule.profile, rule.criticality)
  } else if (count === last) report.add('counter_repeat', `${field} is ${said} again`, rule.profile, rule.criticality)
  else
    report.add(
      'counter_back',
      `${field} went back from ${rounded(counter, last)} to ${said}`,
      rule.profile,
      rule.criticality,
    )
  return UNKNOWN
}

/** Keeps a count. The phase follows the device's oscillator, and nothing faster. */
export function learnCounter(counter: Counter, act: Act, captures: Captures, lane: Lane, now: number): void {
  const { word, slot, period } = counter
  const { words } = lane
  const said = captures.values[slot]
  if (Number.isNaN(said)) return
  const isSame = words[word + TIME] !== 0 && words[word + LEASE] === words[LaneWord.epoch]
  const elapsed = words[word + TIME] === 0 ? 0 : Math.max(0, now - words[word + TIME])
  const last = words[word + COUNT]
  const count = words[word + TIME] === 0 ? said : unwrap(counter, said, last, elapsed)
  const isContinued = count > last && (isSame || count <= farthest(counter, last, elapsed))
  const kept = isContinued ? count : said
  const phase = kept * period - now
  const most = elapsed * OSCILLATOR
  const off = phase - words[word + PHASE]
  words[word + PHASE] = isSame && isContinued ? words[word + PHASE] + Math.max(-most, Math.min(most, off)) : phase
  words[word + COUNT] = kept
  words[word + TIME] = now
  words[word + LEASE] = words[LaneWord.epoch]
  words[word + DIGEST] = act.qos === 0 ? NEVER : digest(act)
  words[word + TRIED] = 0
}

/**
 * Whether a message is the one before once more, as MQTT lets a client send it again with DUP after it lost the
 * acknowledgement (MQTT-3.3.1-1): the same count in the same payload. It is let through once, if its clock is still right, and
 * teaches nothing else.
 */
export function isResent(counter: Counter | null, act: Act, captures: Captures, words: Float64Array): boolean {
  if (counter === null || act.qos === 0 || (act.bytes[act.start] & 0x08) === 0) return false
  const { word, slot } = counter
  if (words[word + TIME] === 0 || captures.values[slot] !== words[word + COUNT]) return false
  return words[word + DIGEST] === digest(act)
}

/** A message was let through once more: it will not be again. */
export function learnResent({ word }: Counter, words: Float64Array): void {
  words[word + DIGEST] = NEVER
}

/** FNV-1a with 32 bits: tells payloads of one device apart that nobody chose to look the same. */
function digest({ bytes, payloadStart, payloadEnd }: Act): number {
  let hash = 0x811c9dc5
  for (let i = payloadStart; i < payloadEnd; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return hash >>> 0
}

/** A count as if it never went round: the one that is nearest to where the device should be by now. */
function unwrap({ modulus, period }: Counter, said: number, last: number, elapsed: number): number {
  if (modulus === 0) return said
  const guess = period > 0 ? last + Math.round(elapsed / period) : last
  return guess + modulo(said - guess + modulus / 2, modulus) - modulus / 2
}

/** A kept count as the device said it. */
function rounded({ modulus }: Counter, count: number): number {
  return modulus === 0 ? count : modulo(count, modulus)
}

/** The highest count that a device can have come to. */
function farthest({ period, tolerance }: Counter, last: number, elapsed: number): number {
  if (period === 0) return last + BURST + elapsed * FASTEST
  return last + (elapsed * (1 + OSCILLATOR)) / period + tolerance + BEGINNING
}

/** The remainder that is never negative. */
export function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus
}
