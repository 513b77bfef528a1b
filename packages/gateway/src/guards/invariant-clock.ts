import type { Captures } from '@ringwall/wire'
import type { Report } from '../contract/index.ts'
import { figure } from '../profile/law/index.ts'
import type { ClockRule, Rule } from '../profile/types.ts'

/** The device's time in wall milliseconds, NaN where the message does not tell it. */
function deviceTime(clock: ClockRule, captures: Captures): number {
  return captures.values[clock.slot] * clock.scale
}

/** Holds the device's clock against the gateway's, and against what the device said before. */
export function judgeClock(rule: Rule, captures: Captures, wall: number, words: Float64Array, report: Report): void {
  const { clock, criticality } = rule
  if (clock === null) return
  const time = deviceTime(clock, captures)
  const off = time - wall
  if (Math.abs(off) > clock.skew) {
    const side = off < 0 ? 'behind' : 'ahead of'
    const why = `${clock.field} is ${seconds(off)} s ${side} the gateway's clock, where ${seconds(clock.skew)} s is allowed`
    report.add('clock_skew', why, rule.profile, criticality)
  }
  const last = words[clock.word]
  if (time < last) {
    const why = `${clock.field} went back by ${seconds(last - time)} s since the message before`
    report.add('clock_back', why, rule.profile, criticality)
  }
}

/** Seconds since the message before by the device's own clock, which was held against ours; 0 where it has none. */
export function secondsByDevice({ clock }: Rule, captures: Captures, words: Float64Array): number {
  if (clock === null || words[clock.word] === 0) return 0
  const elapsed = deviceTime(clock, captures) - words[clock.word]
  return elapsed > 0 ? elapsed / 1000 : 0
}

export function learnClock({ clock }: Rule, captures: Captures, words: Float64Array): void {
  if (clock === null) return
  const time = deviceTime(clock, captures)
  if (!Number.isNaN(time)) words[clock.word] = time
}

function seconds(milliseconds: number): string {
  return figure(Math.abs(milliseconds) / 1000)
}
