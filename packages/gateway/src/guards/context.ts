import type { Act, Guard } from '../contract/index.ts'
import type { Standing } from '../lanes/standing.ts'

/** The topic that tells the plant's operating mode. */
export interface ModeTopic {
  readonly topic: string
  /** Whether a device is believed. */
  readonly trusts: (device: string) => boolean
  readonly states: readonly string[]
}

/**
 * Hears the operating mode on its topic. It refuses nothing: what somebody says there who is not believed, or what is none of the
 * modes, is a finding and changes nothing. The payload is the mode's name, bare or as a JSON string.
 */
export function context({ topic, trusts, states }: ModeTopic, standing: Standing): Guard {
  const names = states.map(state => new TextEncoder().encode(state))
  let state = -1
  return {
    name: 'context',
    ring: 'network',
    judge(act, _lane, _scene, report) {
      state = -1
      if (act.action !== 'publish' || act.address.text !== topic) return
      const { device } = act.speaker
      if (!trusts(device)) {
        const why = `${device} tells the operating mode on ${topic} and is not of context.mode.from`
        return report.add('mode_untrusted', why, 'context.mode.from', 'high')
      }
      state = names.findIndex(name => isPayload(act, name))
      if (state !== -1) return
      report.add(
        'mode_unnamed',
        `${device} told on ${topic} what is none of ${states.join(', ')}`,
        'context.mode.states',
      )
    },
    learn(_act, _lane, scene) {
      if (state !== -1) standing.tellMode(state, scene.now)
    },
  }
}

const QUOTE = 0x22

function isPayload({ bytes, payloadStart, payloadEnd }: Act, name: Uint8Array): boolean {
  const isQuoted = payloadEnd - payloadStart === name.length + 2
  if (isQuoted && (bytes[payloadStart] !== QUOTE || bytes[payloadEnd - 1] !== QUOTE)) return false
  if (!isQuoted && payloadEnd - payloadStart !== name.length) return false
  const start = payloadStart + (isQuoted ? 1 : 0)
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false
  return true
}
