import type { Captures } from '@ringwall/wire'
import type { Report } from '../contract/index.ts'
import { figure } from '../profile/law/index.ts'
import type { ClockRule, Rule } from '../profile/types.ts'

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

/** Holds the device's clock against the gateway's, and against what the device said before. */
export function judgeClock(rule: Rule, captures: Captures, wall: number, words: Float64Array, report: Report): void {
  const { clock, criticality } = rule
  if (clock === null) return
  const off = clockOff(clock, captures, wall)
  if (Math.abs(off) > clock.skew) report.add('clock_skew', skewText(clock, off), rule.profile, criticality)
  if (isRelative(clock, captures)) return
  const time = captures.values[clock.slot] * clock.scale
  const last = words[clock.word]
  if (time < last) {
    const why = `${clock.field} went back by ${seconds(last - time)} s since the message before`
    report.add('clock_back', why, rule.profile, criticality)
  }
}

/** Whether the device's own clock, which is right, says that it has not said this before. */
export function isFresh({ clock }: Rule, captures: Captures, wall: number, words: Float64Array): boolean {
  if (clock === null || isRelative(clock, captures)) return false
  const time = captures.values[clock.slot] * clock.scale
  return Math.abs(time - wall) <= clock.skew && time > words[clock.word]
}

/** Seconds since the message before by the device's own clock, which was held against ours; 0 where it has none. */
export function secondsByDevice({ clock }: Rule, captures: Captures, words: Float64Array): number {
  if (clock === null || words[clock.word] === 0 || isRelative(clock, captures)) return 0
  const elapsed = captures.values[clock.slot] * clock.scale - words[clock.word]
  return elapsed > 0 ? elapsed / 1000 : 0
}

export function learnClock({ clock }: Rule, captures: Captures, words: Float64Array): void {
  if (clock === null || isRelative(clock, captures)) return
  const time = captures.values[clock.slot] * clock.scale
  if (!Number.isNaN(time)) words[clock.word] = time
}

function seconds(milliseconds: number): string {
  return figure(Math.abs(milliseconds) / 1000)
}
