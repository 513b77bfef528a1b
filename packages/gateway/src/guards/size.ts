import { filterMatches } from '@ringwall/wire'
import type { Guard } from '../contract/index.ts'

export interface SizeLimits {
  /** Largest payload in bytes where no topic below says otherwise. */
  readonly default: number
  /** By topic filter; the first that matches counts. */
  readonly topics: readonly { readonly filter: string; readonly bytes: number }[]
}

/**
 * Refuses a message or a will whose payload is larger than its topic allows.
 * Stops: lab/attackers oversize-payload (ATT&CK for ICS T0814).
 */
export function size(limits: SizeLimits, slot: number): Guard {
  return {
    name: 'size',
    ring: 'network',
    judge(act, _lane, _scene, report) {
      const bytes = act.payloadEnd - act.payloadStart
      if (bytes === 0 || act.action === 'subscribe' || act.action === 'connect') return
      let limit = act.address.memo[slot] as number | undefined
      if (limit === undefined) {
        limit = limitFor(limits, act.address.text)
        act.address.memo[slot] = limit
      }
      if (bytes <= limit) return
      report.add('payload_too_large', `${bytes} bytes on ${act.address.text}, which allows ${limit}`, 'size', 'medium')
    },
  }
}

function limitFor(limits: SizeLimits, topic: string): number {
  for (const { filter, bytes } of limits.topics) if (filterMatches(filter, topic)) return bytes
  return limits.default
}
