import type { Act, Guard, Report, Sample, Scene } from '../contract/index.ts'
import type { SharedApprovals } from '../lanes/approvals.ts'
import { figure } from '../profile/law/index.ts'
import type { CommandRule, Rule } from '../profile/types.ts'
import { commandsKept, hasCommand, takeCommand } from './command-rate.ts'
import { clockOff, skewText } from './invariant-clock.ts'
import type { PayloadDesk } from './payload.ts'

export interface CommandOptions {
  /** How long a command may be on its way through the broker, in milliseconds. */
  readonly lifetime: number
}

/** Long enough for a device that reconnects, short enough that no command of an hour ago moves anything. */
export const COMMAND_OPTIONS: CommandOptions = { lifetime: 60_000 }

/**
 * Lets commands through only in the modes and from the roles that the profile names, and not too often. It judges them twice:
 * on their way up by who sends them, and on their way down, where no sender is on the wire, by whether a permitted one has
 * said exactly this through this gateway within `lifetime`. So what is published to the broker by another way, kept by it
 * (retained, or queued for too long) or changed in it never arrives. The mode and the command's own clock count at both times.
 * Stops: lab/attackers wrong-mode-command, command-injection (ATT&CK for ICS T1692.001).
 */
export function command(
  desk: PayloadDesk,
  approvals: SharedApprovals,
  slot: number,
  options: CommandOptions = COMMAND_OPTIONS,
): Guard {
  const sample: Sample = { value: 0, time: 0, integral: 0 }

  function judgeMode(rule: Rule, { modes, modeNames, mode }: CommandRule, scene: Scene, report: Report): boolean {
    if (modes.length === 0) return true
    if (mode !== -1) scene.neighbors.read(mode, sample)
    const isKnown = mode !== -1 && sample.time !== 0
    if (isKnown && modes.includes(sample.value)) return true
    const which = `${rule.name} of ${rule.device} is legal in ${modeNames.join(', ')}`
    if (isKnown) {
      const why = `${which}, and the mode is another one now (state ${sample.value} of its enum)`
      report.add('command_mode', why, rule.profile, rule.criticality)
    } else report.add('mode_unknown', `${which}; the mode is not known yet`, rule.profile, rule.criticality)
    return false
  }

  function judgeSender(act: Act, rule: Rule, { senders }: CommandRule, scene: Scene, report: Report): boolean {
    if (senders.length === 0) return true
    if (act.action === 'receive') {
      const { address, bytes, payloadStart, payloadEnd, speaker } = act
      if (approvals.holds(speaker.site, address.bytes, bytes, payloadStart, payloadEnd, scene.now)) return true
      const lately = `in the last ${figure(options.lifetime / 1000)} s`
      const why = `nobody who may (${senders.join(', ')}) has sent this ${rule.name} to ${rule.device} through the gateway ${lately}`
      report.add('command_unproven', why, rule.profile, rule.criticality)
      return false
    }
    if (permits(senders, act.speaker.roles)) return true
    const roles = act.speaker.roles.join(', ')
    const who = `${act.speaker.device} (${roles === '' ? 'no role' : roles})`
    const why = `${who} may not send ${rule.name} to ${rule.device}, which takes it from ${senders.join(', ')}`
    report.add('command_sender', why, rule.profile, rule.criticality)
    return false
  }

  function judgeAge(rule: Rule, scene: Scene, report: Report): boolean {
    const { clock } = rule
    if (clock === null) return true
    if (!desk.good) {
      const why = `${rule.name} to ${rule.device} is not of its schema, so that its clock cannot be judged`
      report.add('payload_unjudged', why, rule.profile, rule.criticality)
      return false
    }
    const off = clockOff(clock, desk.captures, scene.wall)
    if (Math.abs(off) <= clock.skew) return true
    report.add('command_stale', skewText(clock, off), rule.profile, rule.criticality)
    return false
  }

  return {
    name: 'command',
    ring: 'physical',
    keeps: commandsKept(slot),
    judge(act, _lane, scene, report) {
      if (act.action !== 'publish' && act.action !== 'receive' && act.action !== 'will') return
      const rule = desk.open(act)
      const terms = rule?.command
      if (rule === null || terms === null || terms === undefined) return
      if (act.action === 'will') {
        const why = `a will would send ${rule.name} to ${rule.device} later, whatever the mode is then`
        report.add('command_will', why, rule.profile, rule.criticality)
        return
      }
      const isSender = judgeSender(act, rule, terms, scene, report)
      const isMode = judgeMode(rule, terms, scene, report)
      const isFresh = judgeAge(rule, scene, report)
      // What is illegal anyway takes nothing from those who may.
      if (!isSender || !isMode || !isFresh || terms.rate === null || hasCommand(rule, terms.rate, scene, slot)) return
      const { perSecond, burst } = terms.rate
      const why = `more than ${figure(perSecond)} ${rule.name} a second (burst ${burst}) to ${rule.device}`
      report.add('command_rate', why, rule.profile, rule.criticality)
    },
    learn(act, _lane, scene) {
      if (act.action !== 'publish' && act.action !== 'receive') return
      const rule = desk.open(act)
      const terms = rule?.command
      if (rule === null || terms === null || terms === undefined) return
      if (terms.rate !== null) takeCommand(rule, terms.rate, scene, slot)
      if (act.action === 'receive' || terms.senders.length === 0) return
      const { address, bytes, payloadStart, payloadEnd, speaker } = act
      approvals.grant(speaker.site, address.bytes, bytes, payloadStart, payloadEnd, scene.now + options.lifetime)
    },
  }
}

function permits(senders: readonly string[], roles: readonly string[]): boolean {
  for (const role of roles) if (senders.includes(role)) return true
  return false
}
