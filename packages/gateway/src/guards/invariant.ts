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
  learnResent,
  learnSums,
  Succession,
} from './invariant-counter.ts'
import { Message } from './invariant-message.ts'
import { judgeSignals, learnSignals } from './invariant-signals.ts'
import type { PayloadDesk } from './payload.ts'

/**
 * Holds what a device says against what it and its neighbors said before: its clock, count and running sum, how fast its
 * readings change and whether they change at all, and the laws of the profile. A will is judged as if it were the first
 * message. What is wrong with the payload itself is told by `schema`; here it cannot be judged then, which is a finding too, so that
 * nobody gets round an enforced law with a payload that `schema` only observes.
 * Stops: lab/attackers spoof-balance, slow-drift, frozen-sensor, unit-swap, replay-hour (ATT&CK for ICS T1692.002, T0832).
 */
export function invariant(desk: PayloadDesk): Guard {
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
      if (rule === null || rule.kind === 'command') return
      if (!desk.good) return refuseUnread(rule, report)
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
      judgeClock(rule, captures, scene.wall, words, report)
      resent = isResent(counter, act, captures, words)
      if (resent) return
      const succession =
        counter === null ? Succession.gap : judgeCounter(counter, rule, captures, lane, scene.wall, report)
      judgeSums(rule, captures, words, succession, report)
      judgeSignals(rule, message, secondsByDevice(rule, captures, words), words, report)
      judgeLaws(rule, words, scene, report)
    },
    learn(act, lane, scene) {
      if (act.action !== 'publish') return
      const rule = desk.open(act)
      if (rule === null || rule.kind === 'command' || !desk.good) return
      const { words } = lane
      const counter = counterOf(rule)
      if (resent) {
        if (counter !== null) learnResent(counter, words)
        return
      }
      const { captures } = desk
      for (let i = 0; i < rule.invariants.length; i++) {
        const { law, word } = rule.invariants[i]
        law.learn(message, scene.neighbors, words, word)
      }
      if (counter !== null) learnCounter(counter, act, captures, lane, scene.wall)
      learnSums(rule, captures, words)
      learnClock(rule, captures, words)
      learnSignals(rule, message, words, scene)
    },
  }
}

function refuseUnread(rule: Rule, report: Report): void {
  if (rule.signals.length === 0 && rule.clock === null && rule.continuities.length === 0) return
  const why = `${rule.name} of ${rule.device} is not of its schema, so that neither clock and count nor readings can be judged`
  report.add('payload_unjudged', why, rule.profile, rule.criticality)
}

/** The words of another profile, or of another version of it, mean nothing to this one. */
function beginAnew(rule: Rule, words: Float64Array): void {
  if (words[LaneWord.profileDigest] === rule.digest) return
  words.fill(0, LaneWord.profileFirst, LaneWord.profileLast + 1)
  words[LaneWord.profileDigest] = rule.digest
}
