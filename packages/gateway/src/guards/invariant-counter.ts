import type { Captures } from '@ringwall/wire'
import type { Act, Lane, Report } from '../contract/index.ts'
import { LaneWord } from '../lanes/record.ts'
import { figure } from '../profile/law/index.ts'
import type { Continuity, Rule } from '../profile/types.ts'

export type Counter = Continuity & { readonly kind: 'counter' }
type Sum = Continuity & { readonly kind: 'sum' }

/** The words of a counter, behind its first. */
const COUNT = 0
const TIME = 1
const PHASE = 2
const LEASE = 3
const DIGEST = 4

/** No payload's digest: nothing may be sent again. */
const NEVER = -1

/** A device's oscillator may go this many milliseconds a millisecond wrong for ever: 200 parts in a million. */
const OSCILLATOR = 2e-4

export function counterOf(rule: Rule): Counter | null {
  for (const each of rule.continuities) if (each.kind === 'counter') return each
  return null
}

/** What a count says about its message. */
export const Succession = { first: 0, next: 1, gap: 2, wrong: 3 } as const
export type Succession = (typeof Succession)[keyof typeof Succession]

/**
 * Holds a count against the one before and, where the device keeps a period, against the wall clock. Counts that are missing
 * are no breach: QoS 0 may lose, and refused messages are missing too. With a new connection a count may begin anew, at most
 * `tolerance` counts from zero, since its first messages may be among those that are missing.
 */
export function judgeCounter(
  counter: Counter,
  rule: Rule,
  captures: Captures,
  lane: Lane,
  wall: number,
  report: Report,
): Succession {
  const { words } = lane
  const { word, field, slot, period, tolerance } = counter
  const count = captures.values[slot]
  if (Number.isNaN(count)) return Succession.wrong
  if (words[word + TIME] === 0) return Succession.first
  const last = words[word + COUNT]
  const isReconnected = words[word + LEASE] !== words[LaneWord.epoch]
  if (count <= last) {
    if (isReconnected && count <= Math.max(1, tolerance) && count < last) return Succession.first
    const what = count === last ? `${field} is ${count} again` : `${field} went back from ${last} to ${count}`
    report.add(count === last ? 'counter_repeat' : 'counter_back', what, rule.profile, rule.criticality)
    return Succession.wrong
  }
  if (!isReconnected && period > 0) {
    const off = (count * period - wall - words[word + PHASE]) / period
    if (Math.abs(off) > tolerance) {
      const how = off > 0 ? 'ahead of' : 'behind'
      const why = `${field} is ${figure(Math.abs(off))} counts of ${period} ms ${how} the wall clock, where ${tolerance} are allowed`
      report.add('counter_pace', why, rule.profile, rule.criticality)
      return Succession.wrong
    }
  }
  return count === last + 1 ? Succession.next : Succession.gap
}

/** Keeps a count. The phase follows the device's oscillator, and nothing faster. */
export function learnCounter(counter: Counter, act: Act, captures: Captures, lane: Lane, wall: number): void {
  const { word, slot, period } = counter
  const { words } = lane
  if (Number.isNaN(captures.values[slot])) return
  const phase = captures.values[slot] * period - wall
  const elapsed = wall - words[word + TIME]
  const isSame = words[word + TIME] !== 0 && words[word + LEASE] === words[LaneWord.epoch]
  const isContinued = isSame && captures.values[slot] > words[word + COUNT]
  const most = Math.max(0, elapsed) * OSCILLATOR
  const off = phase - words[word + PHASE]
  words[word + PHASE] = isContinued ? words[word + PHASE] + Math.max(-most, Math.min(most, off)) : phase
  words[word + COUNT] = captures.values[slot]
  words[word + TIME] = wall
  words[word + LEASE] = words[LaneWord.epoch]
  words[word + DIGEST] = act.qos === 0 ? NEVER : digest(act)
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

/** Adds up a reading as the device does. Judged where the count says that no message is missing between. */
export function judgeSums(
  rule: Rule,
  captures: Captures,
  words: Float64Array,
  succession: Succession,
  report: Report,
): void {
  if (succession !== Succession.next) return
  for (const each of rule.continuities) {
    if (each.kind !== 'sum') continue
    const told = captures.values[each.slot]
    const sum = words[each.word] + captures.values[each.of]
    const expected = each.modulus > 0 ? modulo(sum, each.modulus) : sum
    if (!(apart(told, expected, each) > each.tolerance)) continue
    const why = `${each.field} says ${figure(told, 9)}, the readings add up to ${figure(expected, 9)}`
    report.add('sum_mismatch', why, rule.profile, rule.criticality)
  }
}

export function learnSums(rule: Rule, captures: Captures, words: Float64Array): void {
  for (const each of rule.continuities) {
    if (each.kind === 'sum' && !Number.isNaN(captures.values[each.slot])) words[each.word] = captures.values[each.slot]
  }
}

/** How far apart two sums are, the shorter way round. */
function apart(a: number, b: number, { modulus }: Sum): number {
  if (modulus <= 0) return Math.abs(a - b)
  const way = modulo(a - b, modulus)
  return Math.min(way, modulus - way)
}

function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus
}
