import type { Verdict } from '../contract/index.ts'
import type { AuditEvent } from './event.ts'
import { kindOf } from './ocsf.ts'

/** What a verdict is in the ledger. The act's bytes stay out; a commitment to what the verdict keeps of them goes in. */
export function verdictEvent(verdict: Verdict): AuditEvent {
  const { id, time, decision, findings, device, direction, action, address: topic, bytes, length, peer } = verdict
  const colon = peer.lastIndexOf(':')
  const port = Number(peer.slice(colon + 1))
  return {
    kind: action === 'handshake' ? 'turned_away' : kindOf(decision),
    time,
    message: findings[0]?.why ?? decision,
    severity: findings[0]?.severity,
    device,
    address: peer.slice(0, Math.max(colon, 0)),
    ...(Number.isInteger(port) ? { port } : {}),
    direction,
    action,
    topic,
    findings,
    ...(bytes.length === 0 ? {} : { payload: bytes, length }),
    details: { verdict: id },
  }
}
