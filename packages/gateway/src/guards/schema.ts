import type { Captures } from '@ringwall/wire'
import type { Act, Guard, Report } from '../contract/index.ts'
import type { Entry, Unruled } from '../profile/book.ts'
import { checkDigit } from '../profile/check-digit.ts'
import type { Measure } from '../profile/signals.ts'
import type { Redundancy } from '../profile/types.ts'
import { measured } from './measured.ts'
import type { ProfileDesk } from './payload.ts'

export interface SchemaOptions {
  /** Whether topics are refused that the device's profile does not declare, and devices that have none. */
  readonly undeclared: boolean
  readonly strangers: boolean
}

/**
 * Refuses what the profile of a device does not allow: topics that it does not declare, retain and QoS contrary to the form,
 * payloads that are not of its schema, values that contradict their own copy or check digit within the message.
 * Stops: lab/attackers schema-smuggling, unit-swap, sparkplug-gap, sparkplug-stale-alias (ATT&CK for ICS T1692.002).
 */
export function schema(desk: ProfileDesk, options: SchemaOptions): Guard {
  return {
    name: 'schema',
    ring: 'network',
    judge(act, _lane, _scene, report) {
      const rule = desk.open(act)
      const { entry } = desk
      if (rule === null || entry === null) {
        if (desk.unruled !== null) refuseUnruled(act, desk.unruled, options, report)
        return
      }
      if (act.direction === 'up') judgeForm(act, entry, report)
      judgeBytes(act, entry, report)
      if (!desk.good) return refuseFault(desk, entry, report)
      if (rule.payload === null) return
      const { affordance } = entry
      for (let i = 0; i < affordance.measures.length; i++) {
        judgeRange(affordance.measures[i], desk.captures, entry, report)
      }
      for (let i = 0; i < rule.redundancies.length; i++) {
        judgeRedundancy(rule.redundancies[i], act, desk.captures, entry, report)
      }
    },
    learn(act) {
      if (act.action === 'connect') return desk.connect(act.speaker.device)
      if (desk.open(act) !== null) desk.entry?.rule.payload?.accept?.()
    },
  }
}

function refuseUnruled(act: Act, unruled: Unruled, options: SchemaOptions, report: Report): void {
  const { device } = act.speaker
  const topic = act.address.text
  if (unruled === 'command' && options.undeclared) {
    const why = `the profile of ${device} declares no command on ${topic}`
    report.add('command_undeclared', why, 'profiles.undeclared', 'high')
  }
  if (act.direction === 'down') return
  if (unruled === 'undeclared' && options.undeclared) {
    report.add('topic_undeclared', `the profile of ${device} declares no topic ${topic}`, 'profiles.undeclared', 'high')
  } else if (unruled === 'stranger' && options.strangers) {
    report.add(
      'device_undeclared',
      `no profile describes ${device}, which speaks on ${topic}`,
      'profiles.strangers',
      'high',
    )
  }
}

function judgeForm(act: Act, { rule }: Entry, report: Report): void {
  const { criticality: severity, retain, qos } = rule
  if (retain !== null && act.retain !== retain) {
    const why = `${act.address.text} is ${act.retain ? 'retained' : 'not retained'}, its form says mqv:retain ${retain}`
    report.add('form_retain', why, clause(rule.profile, rule.name), severity)
  }
  if (qos !== null && act.qos > qos) {
    const why = `${act.address.text} comes with QoS ${act.qos}, its form allows at most ${qos}`
    report.add('form_qos', why, clause(rule.profile, rule.name), severity)
  }
}

function judgeBytes(act: Act, { rule, affordance }: Entry, report: Report): void {
  const bytes = act.payloadEnd - act.payloadStart
  if (affordance.bytes === 0 || bytes <= affordance.bytes) return
  const why = `${bytes} bytes on ${act.address.text}, whose profile allows ${affordance.bytes}`
  report.add('payload_too_large', why, clause(rule.profile, rule.name), rule.criticality)
}

function refuseFault(desk: ProfileDesk, { rule }: Entry, report: Report): void {
  const { fault } = desk
  if (fault === null) return
  const where = fault.where === '' ? '' : `${fault.where}: `
  const standard = desk.entry?.sparkplug?.fault?.clause ?? ''
  report.add(
    fault.code,
    `${behind(desk.entry)}${where}${fault.why}`,
    standard || clause(rule.profile, rule.name),
    rule.criticality,
  )
}

/** Says which device it is about where an edge node of Sparkplug speaks for one. */
function behind(entry: Entry | null): string {
  const topic = entry?.topic ?? null
  if (entry === null || topic === null || !('device' in topic) || topic.device === null) return ''
  return `${topic.device} behind ${entry.rule.device}: `
}

function judgeRange(measure: Measure, captures: Captures, { rule }: Entry, report: Report): void {
  const { field, minimum, maximum, above, below, unit } = measure
  const value = measured(measure, captures)
  if (!(value < minimum || value > maximum || value <= above || value >= below)) return
  const least = above >= minimum ? `more than ${above}` : minimum
  const most = below <= maximum ? `less than ${below}` : maximum
  const why = `${field}: ${round(value)} ${unit} after conversion, allowed are ${least} to ${most}`
  report.add('value_range', why, clause(rule.profile, rule.name), rule.criticality)
}

function judgeRedundancy(redundancy: Redundancy, act: Act, captures: Captures, entry: Entry, report: Report): void {
  const { rule, affordance } = entry
  const { of, slot, field } = redundancy
  const { values } = captures
  if (Number.isNaN(values[of])) return
  const copy = values[slot]
  if (Number.isNaN(copy)) {
    report.add(
      'redundancy_mismatch',
      `${field}: missing beside its reading`,
      clause(rule.profile, rule.name),
      rule.criticality,
    )
    return
  }
  if (redundancy.kind === 'check-digit') {
    const right = checkDigit(redundancy.method, act.bytes, captures.starts[of], captures.ends[of])
    if (right === copy) return
    const why = `${field}: the check digit is ${copy}, ${redundancy.method} over the reading's digits gives ${right}`
    report.add('redundancy_mismatch', why, clause(rule.profile, rule.name), rule.criticality)
    return
  }
  const measure = measureOf(affordance.measures, of)
  const reading = measure === null ? values[of] : measured(measure, captures)
  const told = copy * redundancy.conversion.factor + redundancy.conversion.offset
  // A hair more: 1.1 m and 110 cm differ in their last bits.
  const tolerance = redundancy.tolerance + Math.abs(reading) * 1e-12
  if (Math.abs(told - reading) <= tolerance) return
  const why = `${field}: it says ${round(told)}, the reading ${round(reading)}; ${redundancy.tolerance} apart is allowed`
  report.add('redundancy_mismatch', why, clause(rule.profile, rule.name), rule.criticality)
}

function measureOf(measures: readonly Measure[], slot: number): Measure | null {
  for (let i = 0; i < measures.length; i++) if (measures[i].slot === slot) return measures[i]
  return null
}

const clause = (profile: string, name: string) => `${profile} ${name}`
const round = (value: number) => Number(value.toPrecision(9))
