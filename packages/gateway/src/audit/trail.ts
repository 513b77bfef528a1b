import type { Auditor } from './auditor.ts'
import type { AuditEvent, Plain } from './event.ts'
import { type Happened, isHappened } from './happenings.ts'

/** Where orders are written down for good. */
export class Trail {
  readonly #auditor: Auditor | null

  /** @param auditor null where there is no ledger: the log alone has orders then */
  constructor(auditor: Auditor | null) {
    this.#auditor = auditor
  }

  /**
   * Resolves when it is on the disk. @param wall milliseconds since the Unix epoch. Errors: `audit_unwritable`; nothing counts as done then.
   */
  async append(wall: number, what: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#auditor?.order(orderEvent(wall, what, details))
  }
}

/** What a person ordered, or the gateway did of itself against somebody. */
export function orderEvent(time: number, what: string, details: Readonly<Record<string, unknown>>): AuditEvent {
  const { by, reason, device, target, ...others } = plain(details)
  const who = typeof device === 'string' ? device : undefined
  const whom = who ?? (typeof target === 'string' ? target : '')
  return {
    kind: kindOf(what),
    time,
    message: [what, whom, typeof reason === 'string' ? `for: ${reason}` : ''].filter(Boolean).join(' '),
    ...(who === undefined ? {} : { device: who }),
    ...(typeof by === 'string' ? { actor: by } : {}),
    details: {
      ...others,
      ...(reason === undefined ? {} : { reason }),
      ...(target === undefined ? {} : { target }),
      // Last: whoever orders names the others.
      order: what,
    },
  }
}

function kindOf(what: string): Happened {
  if (what === 'disconnect') return 'order_disconnect'
  return isHappened(what) ? what : 'order'
}

/** As JSON has it: without what is undefined, and without classes. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, Plain> {
  return JSON.parse(JSON.stringify(details)) as Record<string, Plain>
}
