import { type Guard, Posture } from '../contract/index.ts'
import type { PayloadDesk } from './payload.ts'

/** What a quarantined device may not do, beside its narrowed rates: nothing more, send commands, or publish at all. */
export type QuarantineRule = 'narrow' | 'commands' | 'silent'

/**
 * Keeps what a quarantined device says from moving anything: no commands from it, or nothing at all, as its group has it. What it
 * receives, and whether it may be connected, is left alone, so that it can be looked at and mended.
 * Stops: whatever brought it there, from a device that an attacker holds (ATT&CK for ICS T0855).
 * @param desk null where no profile says what a command is
 */
export function quarantine(desk: PayloadDesk | null, ruleOf: (device: string) => QuarantineRule): Guard {
  return {
    name: 'quarantine',
    ring: 'network',
    judge(act, _lane, scene, report) {
      if (scene.posture !== Posture.quarantined) return
      if (act.action !== 'publish' && act.action !== 'will') return
      const { device } = act.speaker
      const rule = ruleOf(device)
      if (rule === 'silent') {
        return report.add(
          'quarantined',
          `${device} is quarantined and may publish nothing`,
          'prevention.quarantine',
          'high',
        )
      }
      const command = rule === 'commands' ? (desk?.open(act) ?? null) : null
      if (command === null || command.kind !== 'command') return
      const why = `${device} is quarantined and may order nobody: ${command.name} of ${command.device}`
      report.add('quarantined_command', why, 'prevention.quarantine', 'high')
    },
  }
}
