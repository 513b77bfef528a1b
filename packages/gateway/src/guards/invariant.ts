import type { Act, Guard, Lane, Report, Scene } from '../contract/index.ts'
import { LaneWord } from '../lanes/record.ts'
import type { Rule } from '../profile/types.ts'
import { isFresh, judgeClock, learnClock, momentOf } from './invariant-clock.ts'
import { counterOf, isResent, judgeCounter, learnCounter, learnResent, UNKNOWN } from './invariant-counter.ts'
import { Message } from './invariant-message.ts'
import { judgeSignals, learnSignals } from './invariant-signals.ts'
import { judgeSums, learnSums } from './invariant-sum.ts'
import type { PayloadDesk } from './payload.ts'

/**
 * Holds what a device says against what it and its neighbors said before: its clock, count and running sum, how fast its
 * readings change and whether they change at all, and the laws of the profile. None of this can be said of a will, which speaks
 * later and without having been read again: where a rule has any of it, a will is refused. What is wrong with the payload itself is told by `schema`; here it cannot be judged then, which is a finding too, so that
 * nobody gets round an enforced law with a payload that `schema` only observes.
 * Stops: lab/attackers spoof-balance, slow-drift, frozen-sensor, unit-swap, replay-hour (ATT&CK for ICS T1692.002, T0832).
 */
export function invariant(desk: PayloadDesk): Guard {
  const message = new Message()
  let resent = false
  let moment = 0

  function judgeLaws(rule: Rule, words: Float64Array, scene: Scene, report: Report): void {
    for (let i = 0; i < rule.invariants.length; i++) {
      const { law, word, severity, profile } = rule.invariants[i]
      const breach = law.judge(message, scene.neighbors, words, word)
      if (breach !== null) report.add(breach.code, breach.why, profile, severity)
    }
  }

  /** What goes on from message to message: clock, count and sum. Says in `resent` whether this is the one before once more. */
  function judgeContinued(rule: Rule, act: Act, lane: Lane, scene: Scene, report: Report): void {
    const { words } = lane
    const { captures } = desk
    const counter = counterOf(rule)
    resent = isResent(counter, act, captures, words)
    if (resent) return judgeClock(rule, captures, scene.wall, words, false, report)
    let missing: number = UNKNOWN
    if (counter !== null) {
      const fresh = isFresh(rule, captures, scene.wall, words)
      missing = judgeCounter(counter, rule, captures, lane, scene.now, fresh, report)
    }
    judgeClock(rule, captures, scene.wall, words, missing !== UNKNOWN, report)
    judgeSums(rule, captures, words, missing, report)
  }

  function learnContinued(rule: Rule, act: Act, lane: Lane, scene: Scene): void {
    const { words } = lane
    const { captures } = desk
    const counter = counterOf(rule)
    if (counter !== null) learnCounter(counter, act, captures, lane, scene.now)
    learnSums(rule, captures, words)
    learnClock(rule, captures, scene, moment, words)
  }

  return {
    name: 'invariant',
    ring: 'integrity',
    // Of counts that may be missing after a new connection.
    counts: true,
    judge(act, lane, scene, report) {
      if (act.action !== 'publish' && act.action !== 'will') return
      const rule = desk.open(act)
      if (rule === null || rule.kind === 'command') return
      if (act.action === 'will' && isHeldToPast(rule)) return refuseWill(rule, report)
      if (!desk.good) return refuseUnread(rule, report)
      const { captures } = desk
      const unknown = message.fill(rule, captures, scene.wall)
      if (unknown !== -1) {
        const why = `the message does not tell the unit of ${rule.signals[unknown].name}`
        report.add('unit_unknown', why, rule.profile, rule.criticality)
      }
      if (act.action === 'will') return
      const { words } = lane
      beginAnew(rule, words)
      resent = false
      if (continues(rule)) judgeContinued(rule, act, lane, scene, report)
      if (resent) return
      moment = momentOf(rule, captures, scene, words)
      judgeSignals(rule, message, moment, words, report)
      judgeLaws(rule, words, scene, report)
    },
    learn(act, lane, scene) {
      if (act.action !== 'publish') return
      const rule = desk.open(act)
      if (rule === null || rule.kind === 'command' || !desk.good) return
      const { words } = lane
      if (resent) {
        const counter = counterOf(rule)
        if (counter !== null) learnResent(counter, words)
        return
      }
      for (let i = 0; i < rule.invariants.length; i++) {
        const { law, word } = rule.invariants[i]
        law.learn(message, scene.neighbors, words, word)
      }
      if (continues(rule)) learnContinued(rule, act, lane, scene)
      learnSignals(rule, message, moment, words, scene)
    },
  }
}

/** Whether a message has a clock, a count or a sum. */
function continues({ clock, continuities }: Rule): boolean {
  return clock !== null || continuities.length > 0
}

/**
 * Whether a message is held against what was said before, or what others say now. The death certificate of a Sparkplug edge node is
 * not: it brings no readings, and its own rules say that nothing else may be a will.
 */
function isHeldToPast(rule: Rule): boolean {
  const { invariants, signals, payload } = rule
  if (payload?.format === 'sparkplug') return false
  if (continues(rule) || invariants.length > 0) return true
  for (const { change, frozen } of signals) if (change !== null || frozen > 0) return true
  return false
}

function refuseWill(rule: Rule, report: Report): void {
  const why = `a will would send ${rule.name} of ${rule.device} later, whatever its clock, count and readings are then; let a text of its own topic say that the device is gone`
  report.add('will_telemetry', why, rule.profile, rule.criticality)
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
