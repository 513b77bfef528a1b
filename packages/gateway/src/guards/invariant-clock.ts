import type { Captures } from '@ringwall/wire'
import type { Report, Scene } from '../contract/index.ts'
import { figure } from '../profile/law/index.ts'
import type { ClockRule, Rule } from '../profile/types.ts'

/** The words of a clock, behind its first. */
const TIME = 0
const LAG = 1
const MOMENT = 2
const WALL = 3
const PASSED = 4

/** SenML: smaller times are relative to when the message came (RFC 8428, section 4.5.3). */
const RELATIVE = 2 ** 28

function isRelative({ relative, slot }: ClockRule, captures: Captures): boolean {
  return relative && captures.values[slot] < RELATIVE
}

/** How many milliseconds a message's own time is off the gateway's; NaN where the message does not tell it. */
export function clockOff(clock: ClockRule, captures: Captures, wall: number): number {
  const time = captures.values[clock.slot] * clock.scale
  return isRelative(clock, captures) ? time : time - wall
}

/** How far off a clock is, for sentences. */
export function skewText({ field, skew }: ClockRule, off: number): string {
  const side = off < 0 ? 'behind' : 'ahead of'
  return `${field} is ${seconds(off)} s ${side} the gateway's clock, where ${seconds(skew)} s is allowed`
}

/**
 * Holds the device's clock against the gateway's, and against what the device said before. It may be set back within its skew where
 * the message's count says that it is no older one. A time that is out of reach by now, since it was the gateway's clock that was
 * set back, is not held against it.
 * @param isLater whether the count went on
 */
export function judgeClock(
  rule: Rule,
  captures: Captures,
  wall: number,
  words: Float64Array,
  isLater: boolean,
  report: Report,
): void {
  const { clock, criticality } = rule
  if (clock === null) return
  const off = clockOff(clock, captures, wall)
  const isRight = !(Math.abs(off) > clock.skew)
  if (!isRight) report.add('clock_skew', skewText(clock, off), rule.profile, criticality)
  if (isRelative(clock, captures)) return
  const time = captures.values[clock.slot] * clock.scale
  const last = words[clock.word + TIME]
  if (time < last && !(isRight && (isLater || last > wall + clock.skew))) {
    const why = `${clock.field} went back by ${seconds(last - time)} s since the message before`
    report.add('clock_back', why, rule.profile, criticality)
  }
}

/** Whether the device's own clock, which is right, says that it has not said this before. */
export function isFresh({ clock }: Rule, captures: Captures, wall: number, words: Float64Array): boolean {
  if (clock === null || isRelative(clock, captures)) return false
  const time = captures.values[clock.slot] * clock.scale
  return Math.abs(time - wall) <= clock.skew && time > words[clock.word + TIME]
}

/**
 * When the device took what a message brings, in milliseconds of a time that runs no faster than the gateway's: by its own
 * clock, so that messages that were held up on the way and come at once keep the time between them. But where a message comes earlier after
 * its own time than any before, the device's clock was late until now or is set forward, and what that brings is no time that passed.
 * Within one unit of its clock (seconds), and without a clock, the gateway's counts.
 */
export function momentOf({ clock }: Rule, captures: Captures, { now, wall }: Scene, words: Float64Array): number {
  if (clock === null) return now
  const time = ownTime(clock, captures, wall)
  const { word, scale } = clock
  const before = words[word + MOMENT]
  if (before === 0) return time
  const within = Math.min(Math.max(before + wall - words[word + WALL], time), time + scale)
  return words[word + PASSED] + Math.max(0, Math.min(within, wall - words[word + LAG]) - before)
}

export function learnClock(
  { clock }: Rule,
  captures: Captures,
  { wall }: Scene,
  moment: number,
  words: Float64Array,
): void {
  if (clock === null) return
  const { word } = clock
  const time = ownTime(clock, captures, wall)
  const isFirst = words[word + MOMENT] === 0
  words[word + LAG] = isFirst ? wall - time : Math.min(words[word + LAG], wall - time)
  words[word + MOMENT] = Math.max(words[word + MOMENT] + moment - words[word + PASSED], time)
  words[word + PASSED] = moment
  words[word + WALL] = wall
  if (!isRelative(clock, captures)) words[word + TIME] = time
}

/** The message's own time; when it came where it has none. */
function ownTime(clock: ClockRule, captures: Captures, wall: number): number {
  const off = clockOff(clock, captures, wall)
  return Number.isNaN(off) ? wall : wall + off
}

function seconds(milliseconds: number): string {
  return figure(Math.abs(milliseconds) / 1000)
}
