import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { RingwallError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Config, ConfigChange } from '../config/index.ts'
import type { Verdict } from '../contract/index.ts'
import type { Alarm } from '../evidence/alarm.ts'
import type { Batch } from '../evidence/batch.ts'
import type { Material } from '../keys/material.ts'
import type { SharedHold } from '../lanes/hold.ts'
import { Auditor } from './auditor.ts'
import type { Surplus } from './messages.ts'
import { orderEvent, Trail } from './trail.ts'

type Route = (query: URLSearchParams) => object | Promise<object>

/** As much of a worker's report as is audited. */
interface Reported {
  readonly verdicts: readonly Verdict[]
  readonly surplus: readonly Surplus[]
  readonly evidence: Batch
}

/** Tells the ledger what the gateway does; where there is none, nothing. */
export class AuditDesk {
  readonly trail: Trail
  readonly #auditor: Auditor | null
  readonly #log: Log

  constructor({ ledger, site }: Config, hold: SharedHold, log: Log) {
    this.#log = log
    this.#auditor = ledger === 'off' ? null : new Auditor(ledger, site, version(), hold, log)
    this.trail = new Trail(this.#auditor)
  }

  /** Opens the ledger and tells by what the gateway is run. Errors: those of the ledger's folder and keys. */
  async start(config: Config, material: Material): Promise<void> {
    await this.#auditor?.start()
    const details = digests(config, material)
    this.#auditor?.event({ kind: 'configuration', time: Date.now(), message: 'the configuration that holds', details })
  }

  stop(): Promise<void> {
    return this.#auditor?.stop() ?? Promise.resolve()
  }

  /** @param isShared others need the evidence as well */
  report(worker: number, { verdicts, surplus, evidence }: Reported, isShared: boolean): void {
    if (this.#auditor === null) return
    this.#auditor.verdicts(verdicts, surplus)
    this.#auditor.evidence(worker, isShared ? { ...evidence, records: evidence.records.slice() } : evidence)
  }

  died(worker: number): void {
    this.#auditor?.died(worker)
  }

  alarm({
    scenario,
    severity,
    technique,
    device,
    address,
    topic,
    time,
    why: message,
    figures,
    detection,
  }: Alarm): void {
    const common = { kind: 'alarm', time, message, severity, technique, device, address, topic } as const
    if (detection === undefined) return this.#auditor?.event({ ...common, details: { scenario, figures } })
    const { model, score, threshold, class: name, features } = detection
    const details = { scenario, class: name, threshold, features: features.map(each => ({ ...each })) }
    this.#auditor?.event({ ...common, scores: [{ model, score }], details })
  }

  /** Another configuration holds. */
  configured(change: ConfigChange, config: Config, material: Material): void {
    if (this.#auditor === null) return
    const time = Date.now()
    const details = { apply: change.apply, restart: change.restart, ...digests(config, material) }
    const told = change.apply.join(', ') || 'nothing'
    this.#auditor.event({ kind: 'configuration', time, message: `changed: ${told}`, details })
    for (const kind of ['roles', 'rules'] as const) {
      const isChanged = change.apply.some(field => field === kind || field.startsWith(`${kind}.`))
      if (isChanged) this.#auditor.event({ kind, time, message: `other ${kind} hold`, details })
    }
  }

  /** A new configuration was refused; the former one stays. */
  refused(error: unknown): void {
    const code = error instanceof RingwallError ? error.code : 'internal'
    const message = `a new configuration was refused: ${code}`
    this.#auditor?.event({ kind: 'configuration_refused', time: Date.now(), message, details: { code } })
  }

  /**
   * The same orders, each written down for good once it is carried out, before it is answered; one that cannot be written down counts all
   * the same, and the log has an error then. What is asked without an order is not written down.
   */
  audited(path: string, route: Route): Route {
    const auditor = this.#auditor
    if (auditor === null || !path.startsWith('POST ')) return route
    const what = path.slice(6).replaceAll('/', '_')
    return async query => {
      const answer = await route(query)
      await auditor
        .order(orderEvent(Date.now(), what, Object.fromEntries(query)))
        .catch((error: RingwallError) => this.#log.error({ what: error.what }, 'not written down'))
      return answer
    }
  }

  /** Names of metrics with their sentences and values. */
  get figures(): readonly (readonly [string, string, () => number])[] {
    const auditor = this.#auditor
    if (auditor === null) return []
    return [
      ['ringwall_ledger_entries', 'Entries of the ledger on the disk.', () => auditor.size],
      ['ringwall_ledger_failing', '1 while the ledger cannot be written.', () => Number(auditor.failed !== '')],
      ['ringwall_ledger_missing', 'Happenings that the ledger only counts: it did not keep up.', () => auditor.dropped],
    ]
  }
}

/** What holds, by digests: the files themselves stay out. */
function digests(config: Config, { rules, profiles }: Material): Record<string, string> {
  return {
    configuration: digest(config),
    roles: digest(config.roles),
    rules: digest(rules),
    profiles: digest(profiles),
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
