import type { Report, Scene } from '../contract/index.ts'
import { figure, figureBeyond, withUnit } from '../profile/law/index.ts'
import type { Rule, Signal } from '../profile/types.ts'
import type { Message } from './invariant-message.ts'

/** The words of a signal, behind its first. */
const VALUE = 0
const TIME = 1
const RUN = 2

/** Holds each signal against its value before: how fast it changed, and whether it changes at all. */
export function judgeSignals(
  rule: Rule,
  message: Message,
  deviceSeconds: number,
  words: Float64Array,
  report: Report,
): void {
  const { signals } = rule
  const { values, time } = message
  for (let i = 0; i < signals.length; i++) {
    const signal = signals[i]
    if (signal.change === null && signal.frozen === 0) continue
    const value = values[i]
    const since = words[signal.word + TIME]
    if (Number.isNaN(value) || since === 0) continue
    const last = words[signal.word + VALUE]
    if (signal.change !== null) judgeChange(rule, signal, value, last, time - since, deviceSeconds, report)
    if (signal.frozen > 0 && value === last && words[signal.word + RUN] + 1 >= signal.frozen) {
      const why = `${signal.name} has been ${withUnit(figure(value, 9), signal.unit)} ${words[signal.word + RUN] + 1} times in a row, which says that its sensor is frozen`
      report.add('sensor_frozen', why, rule.profile, rule.criticality)
    }
  }
}

function judgeChange(
  rule: Rule,
  { name, unit, change }: Signal,
  value: number,
  last: number,
  elapsed: number,
  deviceSeconds: number,
  report: Report,
): void {
  if (change === null) return
  // Messages that waited on the way arrive at once, though the device took them apart; its clock was held against ours before.
  const seconds = Math.max(0, elapsed / 1000, deviceSeconds)
  const allowed = change.perSecond * seconds + change.slack
  const moved = value - last
  if (Math.abs(moved) <= allowed) return
  const by = withUnit(figureBeyond(Math.abs(moved), allowed), unit)
  const why = `${name} ${moved < 0 ? 'fell' : 'rose'} ${by} in ${figure(seconds)} s, where ${withUnit(figure(allowed), unit)} is allowed`
  report.add('change_too_fast', why, rule.profile, rule.criticality)
}

/** Keeps the signals: in the lane for the next message, among the site's series for its neighbors. */
export function learnSignals(rule: Rule, message: Message, words: Float64Array, scene: Scene): void {
  const { signals } = rule
  const { values, time } = message
  const { neighbors } = scene
  for (let i = 0; i < signals.length; i++) {
    const { word, series, change, frozen } = signals[i]
    const value = values[i]
    if (Number.isNaN(value)) continue
    if (frozen > 0) {
      const isSame = words[word + TIME] !== 0 && words[word + VALUE] === value
      words[word + RUN] = isSame ? words[word + RUN] + 1 : 1
    }
    if (frozen > 0 || change !== null) {
      words[word + VALUE] = value
      words[word + TIME] = time
    }
    if (series >= 0) neighbors.write(series, value, time)
  }
}
