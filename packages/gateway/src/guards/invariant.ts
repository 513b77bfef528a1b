import type { Guard, Report, Scene } from '../contract/index.ts'
import { LANE_WORDS, LaneWord } from '../lanes/record.ts'
import type { Rule } from '../profile/types.ts'
import { judgeClock, learnClock, secondsByDevice } from './invariant-clock.ts'
import {
  counterOf,
  isResent,
  judgeCounter,
  judgeSums,
  learnCounter,
  learnSums,
  Succession,
} from './invariant-counter.ts'
import { Message } from './invariant-message.ts'
import { judgeSignals, learnSignals } from './invariant-signals.ts'
import type { PayloadView } from './payload-view.ts'

/**
 * Holds what a device says against what it and its neighbors said before: its clock, count and running sum, how fast its
 * readings change and whether they change at all, and the laws of the profile. A will is judged as if it were the first
 * message. What is wrong with the payload itself is the business of `schema`; then nothing is judged here.
 * Stops: lab/attackers spoofed-reading, slow-drift, frozen-sensor, replayed-hour (ATT&CK for ICS T0856, T0832).
 */
export function invariant(desk: PayloadView): Guard {
  const message = new Message()
  const nothing = new Float64Array(LANE_WORDS)
  let resent = false

  function judgeLaws(rule: Rule, words: Float64Array, scene: Scene, report: Report): void {
    for (let i = 0; i < rule.invariants.length; i++) {
      const { law, word, severity } = rule.invariants[i]
      const breach = law.judge(message, scene.neighbors, words, word)
      if (breach !== null) report.add(breach.code, breach.why, rule.profile, severity)
    }
  }

  return {
    name: 'invariant',
    ring: 'integrity',
    judge(act, lane, scene, report) {
      if (act.action !== 'publish' && act.action !== 'will') return
      const rule = desk.open(act)
      if (rule === null || rule.kind === 'command' || !desk.good) return
      const { captures } = desk
      const unknown = message.fill(rule, captures, scene.wall)
      if (unknown !== -1) {
        const why = `the message does not tell the unit of ${rule.signals[unknown].name}`
        report.add('unit_unknown', why, rule.profile, rule.criticality)
      }
      if (act.action === 'will') {
        nothing.fill(0)
        return judgeLaws(rule, nothing, scene, report)
      }
      const { words } = lane
      beginAnew(rule, words)
      const counter = counterOf(rule)
      resent = isResent(counter, rule, message.values, act, captures, words)
      if (resent) return
      judgeClock(rule, captures, scene.wall, words, report)
      const succession =
        counter === null ? Succession.gap : judgeCounter(counter, rule, captures, lane, scene.wall, report)
      judgeSums(rule, captures, words, succession, report)
      judgeSignals(rule, message, secondsByDevice(rule, captures, words), words, report)
      judgeLaws(rule, words, scene, report)
    },
    learn(act, lane, scene) {
      if (act.action !== 'publish') return
      const rule = desk.open(act)
      if (rule === null || rule.kind === 'command' || !desk.good || resent) return
      const { words } = lane
      const { captures } = desk
      for (let i = 0; i < rule.invariants.length; i++) {
        const { law, word } = rule.invariants[i]
        law.learn(message, scene.neighbors, words, word)
      }
      const counter = counterOf(rule)
      if (counter !== null) learnCounter(counter, captures, lane, scene.wall)
      learnSums(rule, captures, words)
      learnClock(rule, captures, words)
      learnSignals(rule, message, words, scene)
    },
  }
}

/** The words of another profile, or of another version of it, mean nothing to this one. */
function beginAnew(rule: Rule, words: Float64Array): void {
  if (words[LaneWord.profileDigest] === rule.digest) return
  words.fill(0, LaneWord.profileFirst, LaneWord.profileLast + 1)
  words[LaneWord.profileDigest] = rule.digest
}
