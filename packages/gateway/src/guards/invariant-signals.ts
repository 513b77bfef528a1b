import type { Report, Scene } from '../contract/index.ts'
import { figure, figureBeyond, withUnit } from '../profile/law/index.ts'
import type { Rule, Signal } from '../profile/types.ts'
import type { Message } from './invariant-message.ts'

/** The words of a signal, behind its first. */
const ANCHOR = 0
const TIME = 1
const SAME = 2
const RUN = 3

/** Values that differ by less than this part of them are equal: a stuck sensor with a digit of noise behind the last is stuck. */
const EQUAL = 1e-9

/** Holds each signal against what it was: how fast it changed, and whether it changes at all. @param moment when it was taken */
export function judgeSignals(rule: Rule, message: Message, moment: number, words: Float64Array, report: Report): void {
  const { signals } = rule
  const { values } = message
  for (let i = 0; i < signals.length; i++) {
    const signal = signals[i]
    const { change, frozen, word } = signal
    if (change === null && frozen === 0) continue
    const value = values[i]
    if (Number.isNaN(value)) continue
    if (change !== null && words[word + TIME] !== 0) judgeChange(rule, signal, value, moment, words, report)
    if (frozen > 0 && isSame(signal, value, words) && words[word + RUN] + 1 >= frozen) {
      const why = `${signal.name} has been ${withUnit(figure(value, 9), signal.unit)} ${words[word + RUN] + 1} times in a row, which says that its sensor is frozen`
      report.add('sensor_frozen', why, rule.profile, rule.criticality)
    }
  }
}

/**
 * A reading may be off its anchor by its slack and by what it can have changed in the time since. The anchor follows it by what it can have
 * changed and no more, so that slack is granted once and not with each message. Honest readings, whose noise is never
 * further apart than the slack, always pass: the anchor never leaves the band in which the noise puts them.
 */
function judgeChange(
  rule: Rule,
  { name, unit, change, word }: Signal,
  value: number,
  moment: number,
  words: Float64Array,
  report: Report,
): void {
  if (change === null) return
  const seconds = Math.max(0, moment - words[word + TIME]) / 1000
  const allowed = change.perSecond * seconds + change.slack
  const anchor = words[word + ANCHOR]
  const moved = value - anchor
  if (Math.abs(moved) <= allowed) return
  const by = withUnit(figureBeyond(Math.abs(moved), allowed), unit)
  const from = withUnit(figure(anchor, 4), unit)
  const why = `${name} ${moved < 0 ? 'fell' : 'rose'} ${by} from ${from} in ${figure(seconds)} s, where ${withUnit(figure(allowed), unit)} is allowed`
  report.add('change_too_fast', why, rule.profile, rule.criticality)
}

function isSame({ within, word }: Signal, value: number, words: Float64Array): boolean {
  if (words[word + RUN] === 0) return false
  const first = words[word + SAME]
  return Math.abs(value - first) <= Math.max(within, EQUAL * Math.abs(first))
}

/** Keeps the signals: in the lane for the next message, among the site's series for its neighbors. */
export function learnSignals(rule: Rule, message: Message, moment: number, words: Float64Array, scene: Scene): void {
  const { signals } = rule
  const { values, time } = message
  const { neighbors } = scene
  for (let i = 0; i < signals.length; i++) {
    const signal = signals[i]
    const { word, series, shared, change, frozen } = signal
    if (change === null && frozen === 0 && !shared) continue
    const value = values[i]
    if (Number.isNaN(value)) continue
    if (frozen > 0) {
      if (isSame(signal, value, words)) words[word + RUN]++
      else {
        words[word + RUN] = 1
        words[word + SAME] = value
      }
    }
    if (change !== null) {
      const since = words[word + TIME]
      const reach = since === 0 ? Number.POSITIVE_INFINITY : (change.perSecond * Math.max(0, moment - since)) / 1000
      const anchor = words[word + ANCHOR]
      words[word + ANCHOR] = Math.max(anchor - reach, Math.min(anchor + reach, value))
      words[word + TIME] = Math.max(since, moment)
    }
    if (shared) neighbors.write(series, value, time)
  }
}
