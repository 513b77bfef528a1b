import { type AttackReport, culprits, type LabEvent, labDevices } from '@ringwall/lab'
import type { Direction } from '../contract/index.ts'
import type { VerdictMemory } from '../desk/memory.ts'
import { type Phase, Phases, type Timed } from './phases.ts'

/** Before and after an attack so much of what a guard says of its device may be the attack's, ms. */
const SLACK = 500

interface Remark extends Timed {
  readonly device: string
  readonly direction: Direction
  readonly address: string
  readonly what: string
}

/**
 * Counts verdicts on what honest devices said while no attack used their identity, and on what they were told while none aimed at
 * the same topic. Looks at the gateway's memory at every event of the lab, since a flood makes that forget.
 */
export class HonestWatch {
  readonly #memory: VerdictMemory
  readonly #honest = new Set(labDevices.map(({ device }) => device).filter(device => !culprits.has(device)))
  readonly #remarks = new Map<string, Remark>()
  readonly #attacks: AttackReport[] = []
  readonly #phases = new Phases()
  readonly #since: number

  /** @param since verdicts of an earlier time do not count; milliseconds since the Unix epoch. */
  constructor(memory: VerdictMemory, since = Date.now()) {
    this.#memory = memory
    this.#since = since
  }

  see(event: LabEvent): void {
    if (event.kind === 'attack-end') this.#attacks.push(event.report)
    this.#phases.see(event)
    this.#collect()
  }

  /** What was flagged, refused or slowed of honest devices, in words. Ask when all attacks are over. */
  get flagged(): string[] {
    return this.#honestly().map(({ what }) => what)
  }

  /** The same counted by what the plant went through. */
  get phases(): Phase[] {
    return this.#phases.over(this.#honestly())
  }

  #honestly(): Remark[] {
    this.#collect()
    return [...this.#remarks.values()].filter(remark => !this.#isAttack(remark))
  }

  #collect(): void {
    const fresh = this.#memory.latest(Number.POSITIVE_INFINITY, ({ device, time }) => {
      return time >= this.#since && this.#honest.has(device)
    })
    for (const { id, decision, device, direction, time, action, address, findings } of fresh) {
      const [finding] = findings
      const what = `${finding?.guard} ${finding?.code} on ${action} ${address} of ${device}: ${finding?.why}`
      this.#remarks.set(id, { device, direction, address, time, isThrottle: decision === 'throttle', what })
    }
  }

  /** What a device is told may be of an attacker who aimed at that topic, where guards only observe; what it sends, its impostor's alone. */
  #isAttack({ device, direction, address, time }: Remark): boolean {
    return this.#attacks.some(({ devices, topics, from, to }) => {
      const isSuspect = devices.includes(device) || (direction === 'down' && topics.includes(address))
      return isSuspect && time >= from - SLACK && time <= to + SLACK
    })
  }
}
