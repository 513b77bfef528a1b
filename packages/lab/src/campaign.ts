import { setTimeout as sleep } from 'node:timers/promises'
import type { Attack } from './attackers/attack.ts'
import { attacks as all } from './attackers/index.ts'
import type { AttackReport, Outcome } from './attackers/report.ts'
import { intruders } from './fleet/devices.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { Observer } from './observer.ts'
import { DEFAULT_LIMITS, Range } from './range.ts'
import { duration, lanes, pause } from './schedule.ts'
import type { LabEvent, LabOptions } from './types.ts'

/** An attack is given up after three times what it should take and this many milliseconds. */
const GRACE = 20_000
/** Honest telemetry must have come through at some time from an attack's beginning until so long after its end. */
const ALIVE_WITHIN = 3000

export interface Lab {
  readonly options: LabOptions
  readonly observer: Observer
  readonly fleet: Fleet
  readonly signal: AbortSignal
  readonly on: (event: LabEvent) => void
}

/** Runs the chosen attacks, spread over `seconds`. One report each, in the order of the list of attacks. */
export async function campaign(lab: Lab, seconds: number): Promise<AttackReport[]> {
  const names = lab.options.attacks
  const isPossible = ({ needs5, sealed, ledger }: Attack): boolean =>
    (needs5 !== true || lab.observer.version === 5) &&
    (sealed !== true || lab.options.seals !== undefined) &&
    (ledger === undefined || lab.options.ledger !== undefined)
  const possible = all.filter(isPossible)
  const chosen = names ? possible.filter(({ name }) => names.includes(name)) : possible
  const limits = { ...DEFAULT_LIMITS, ...lab.options.limits }
  const alone = chosen.filter(attack => attack.alone)
  const end = performance.now() + seconds * 1000
  const reports: AttackReport[] = []
  const inTurn = async (attacks: readonly Attack[], until: number) => {
    for (const [i, attack] of attacks.entries()) {
      const seconds = pause(attacks.slice(i), limits, (until - performance.now()) / 1000)
      await sleep(seconds * 1000, undefined, { signal: lab.signal })
      reports.push(await carryOut(attack, lab))
    }
  }
  const sharedEnd = end - duration(alone, limits) * 1000
  await Promise.all(lanes(chosen, limits).map(lane => inTurn(lane, sharedEnd)))
  await inTurn(alone, end)
  return chosen.map(({ name }) => reports.find(report => report.name === name)!)
}

async function carryOut(attack: Attack, lab: Lab): Promise<AttackReport> {
  const { name, technique, title, expected } = attack
  const number = all.indexOf(attack)
  const device = attack.steals ?? (attack.ledger === 'forged' ? '' : intruders[number])
  const limit = attack.seconds({ ...DEFAULT_LIMITS, ...lab.options.limits }) * 3000 + GRACE
  const signal = AbortSignal.any([lab.signal, AbortSignal.timeout(limit)])
  const range = new Range({ ...lab, signal, device, number })
  let from = Date.now()
  const before = lab.observer.delivered
  lab.on({ kind: 'attack-start', time: from, name, technique, title, expected, device })

  let outcome: Outcome = { attempts: 0, effect: 0, detail: '' }
  let error: string | null = null
  let restore: (() => Promise<void>) | null = null
  try {
    await attack.prepare?.(range)
    if (attack.steals) restore = await lab.fleet.displace(attack.steals)
    from = Date.now()
    outcome = await attack.run(range)
    if (outcome.attempts === 0) error = 'Not one attempt could be made'
    else if (!(await alive(lab, before)))
      error = 'No honest telemetry came through meanwhile, so the observer proves nothing'
  } catch (cause) {
    lab.signal.throwIfAborted()
    error = cause instanceof Error ? cause.message : String(cause)
  } finally {
    range.close()
    // The honest device is late rather than lost where it cannot come back at once: it goes on trying.
    await restore?.().catch(() => {})
    attack.conclude?.(range)
  }
  const { devices, peers, topics } = range
  const trace = { devices: [...devices], peers: [...peers], topics: [...topics], from, to: Date.now() }
  const report: AttackReport = { name, technique, title, expected, ...outcome, ...trace, error }
  lab.on({ kind: 'attack-end', time: report.to, report })
  return report
}

async function alive({ observer, signal }: Lab, before: number): Promise<boolean> {
  const end = performance.now() + ALIVE_WITHIN
  while (observer.delivered === before && performance.now() < end) await sleep(50, undefined, { signal })
  return observer.connected && observer.delivered > before
}
