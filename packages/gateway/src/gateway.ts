import { randomInt } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { AuditDesk } from './audit/desk.ts'
import { systemClock } from './base/clock.ts'
import { RingwallError, systemCode } from './base/error.ts'
import { createLog, type Log } from './base/log.ts'
import { networkOf } from './base/network.ts'
import { type Config, type ConfigChange, diffConfig } from './config/index.ts'
import type { Posture, Tier } from './contract/index.ts'
import { AlarmMemory } from './desk/alarms.ts'
import { Control, type Orders } from './desk/control.ts'
import { maintenanceRoutes } from './desk/maintenance-routes.ts'
import { VerdictMemory } from './desk/memory.ts'
import { Metrics } from './desk/metrics.ts'
import { rhythmRoutes } from './desk/rhythm-routes.ts'
import { TallyBook } from './desk/tally.ts'
import { DetectorThread } from './detect/thread.ts'
import type { Alarm } from './evidence/alarm.ts'
import { freePort, portError } from './gate/port.ts'
import { secureContext } from './gate/secure.ts'
import { type Material, readMaterial } from './keys/material.ts'
import type { Maintenance } from './lanes/maintenance.ts'
import type { RhythmTask } from './lanes/rhythm-tasks.ts'
import { RecordingDesk } from './recording/desk.ts'
import { KEPT } from './respond/kept.ts'
import { ordersOf } from './respond/orders.ts'
import { Prevention } from './respond/prevention.ts'
import { Document } from './store/document.ts'
import { FolderStore } from './store/folder-store.ts'
import { Crew } from './worker/crew.ts'
import type { Report } from './worker/messages.ts'

/** A running gateway. The only place that knows every room. */
export class Gateway {
  readonly verdicts = new VerdictMemory()
  readonly book = new TallyBook()
  readonly alarms = new AlarmMemory()
  /** What is done about a scenario's alarm. */
  onAlarm: (alarm: Alarm) => void
  readonly #log: Log
  readonly #crew: Crew
  readonly #detector: DetectorThread
  readonly #lost = new Map<number, number>()
  readonly #control: Control
  readonly #metrics: Metrics
  readonly #prevention: Prevention
  readonly #audit: AuditDesk
  /** Starts and stops recording. */
  readonly recording: RecordingDesk
  /** Load tiers by worker. */
  readonly #tiers: Tier[] = []
  #config: Config
  #port = 0
  #metricsPort = 0

  private constructor(config: Config, material: Material, port: number, log: Log) {
    this.#config = config
    this.#log = log
    this.#control = new Control(this.verdicts, this.book, this.alarms)
    this.#metrics = new Metrics(
      this.book,
      () => this.#crew.devices,
      this.alarms,
      () => this.#evidenceLost,
    )
    this.#detector = new DetectorThread(config, log, { alarm: alarm => this.#alarmed(alarm) })
    this.#crew = new Crew(config, material, port, randomInt(2 ** 32), log, {
      report: (worker, report) => this.#reported(worker, report),
      died: worker => {
        this.book.end(worker)
        this.#audit.died(worker)
        this.#detector.died(worker)
      },
      assigned: device => this.#crew.place(device, this.#prevention.ladder.of(device)),
    })
    this.#audit = new AuditDesk(config, this.#crew.hold, log)
    this.#prevention = preventionOf(config, this.#crew, this.#audit, log)
    this.onAlarm = alarm => void this.#prevention.onAlarm(alarm)
    this.#showPrevention()
    this.recording = new RecordingDesk(config.record, log, recorder => this.#crew.record(recorder))
    this.#showRecording()
    this.#showContext()
  }

  /**
   * Starts a gateway from a checked configuration. Errors: `file_unusable`, `port_taken`, `port_unusable`, `metrics_port`,
   * `control_taken`, `control_path`; nothing is left running then.
   */
  static async start(config: Config, log = createLog(config.log.level)): Promise<Gateway> {
    const material = proven(readMaterial(config))
    const { host, port } = config.listen.mqtts
    const gateway = new Gateway(config, material, await freePort(host, port), log)
    try {
      await gateway.#audit.start(config, material)
      await gateway.#open()
    } catch (error) {
      await gateway.stop()
      throw error
    }
    return gateway
  }

  /** The port that devices connect to. */
  get port(): number {
    return this.#port
  }

  /** The port of the metrics, 0 where they are off. */
  get metricsPort(): number {
    return this.#metricsPort
  }

  /** Devices with a session. */
  get devices(): number {
    return this.#crew.devices
  }

  /** The maintenance windows. */
  get maintenance(): Maintenance {
    return this.#crew.maintenance
  }

  /** Takes a new configuration, connections stay. @returns what changed, and what waits for a restart. */
  reload(config: Config): ConfigChange {
    try {
      return this.#reload(config)
    } catch (error) {
      this.#audit.refused(error)
      throw error
    }
  }

  #reload(config: Config): ConfigChange {
    const change = diffConfig(this.#config, config)
    const applied = withoutRestart(this.#config, config)
    const material = proven(readMaterial(applied))
    const detect = this.#detector.prepare(applied)
    this.#crew.configure(applied, material)
    this.#prevention.configure(applied)
    detect()
    this.#config = applied
    this.#audit.configured(change, applied, material)
    return change
  }

  /** What the control socket may order. */
  set orders(orders: Orders) {
    this.#control.orders = orders
  }

  /** Takes leave of all devices and closes everything. */
  async stop(): Promise<void> {
    await this.recording.stop()
    await this.#crew.stop()
    await this.#detector.stop()
    await this.#prevention.stop()
    await this.#audit.stop()
    this.#metrics.close()
    this.#control.close()
  }

  #showContext(): void {
    const { rhythms, maintenance } = this.#crew
    const decide = (device: string, task: RhythmTask): void => this.#crew.decide(device, task)
    const routes = [...rhythmRoutes(rhythms, decide, this.#log), ...maintenanceRoutes(maintenance, this.#log)]
    for (const [path, route] of routes) this.#control.routes.set(path, this.#audit.audited(path, route))
    const help = 'Load tier of the busiest worker: 0 calm, 1 busy, 2 strained, 3 overloaded.'
    this.#metrics.watch('ringwall_load_tier', help, () => Math.max(0, ...this.#tiers))
    this.#metrics.watch('ringwall_maintenance', 'Maintenance windows that are open.', () => maintenance.list().length)
  }

  #showPrevention(): void {
    const { blocks, bypass } = this.#prevention
    for (const [path, order] of ordersOf(this.#prevention)) this.#control.routes.set(path, order)
    this.#control.about = () => ({ blocks: blocks.size, bypass: bypass.state })
    this.#metrics.watch('ringwall_blocks', 'Addresses, networks and devices that are blocked now.', () => blocks.size)
    this.#metrics.watch('ringwall_bypass', '1 while guards only observe and no block counts.', () =>
      bypass.state === null ? 0 : 1,
    )
  }

  #showRecording(): void {
    for (const [path, order] of this.recording.routes) {
      this.#control.routes.set(path, this.#audit.audited(path, order))
    }
    for (const [name, help, value] of [...this.recording.figures, ...this.#audit.figures])
      this.#metrics.watch(name, help, value)
  }

  async #open(): Promise<void> {
    const { control, metrics, listen } = this.#config
    // Before anybody is let in.
    await this.#prevention.start()
    if (control !== 'off') await this.#control.listen(control.path)
    if (metrics !== 'off') this.#metricsPort = await this.#metrics.listen(metrics.host, metrics.port)
    if (this.#config.record !== 'off') this.recording.start()
    this.#detector.start()
    try {
      this.#port = await this.#crew.start()
    } catch (error) {
      throw portError(error, listen.mqtts.host, listen.mqtts.port)
    }
    const { host, workers } = listen.mqtts
    const { upstream, rings, guards } = this.#config
    const modes = { ...rings, ...guards }
    this.#log.info({ pid: process.pid, host, port: this.#port, workers, broker: upstream.url, modes }, 'listening')
  }

  #alarmed(alarm: Alarm): void {
    const { id, scenario, severity, technique, subject, why, figures, detection } = this.alarms.add(alarm)
    this.#log.warn({ alarm: id, scenario, severity, technique, subject, figures, detection, why }, 'alarm')
    this.#audit.alarm(alarm)
    this.onAlarm(alarm)
  }

  get #evidenceLost(): number {
    return [...this.#lost.values()].reduce((sum, each) => sum + each, this.#detector.dropped)
  }

  #reported(worker: number, report: Report): void {
    this.book.update(worker, report)
    if (report.tier !== (this.#tiers[worker] ?? 0)) this.#log.info({ worker, tier: report.tier }, 'another load tier')
    this.#tiers[worker] = report.tier
    for (const tally of report.tallies) this.book.count(tally)
    for (const verdict of report.verdicts) {
      this.verdicts.add(verdict)
      this.#prevention.onVerdict(verdict)
      const { id, decision, device, peer, action, address, findings } = verdict
      const codes = findings.map(({ guard, code }) => `${guard}:${code}`)
      this.#log.info({ verdict: id, decision, device, peer, action, address, codes, why: findings[0]?.why }, 'verdict')
    }
    this.#metrics.observe(report.latencies)
    this.#lost.set(worker, report.evidence.dropped)
    const { scenarios, intrusion } = this.#config
    this.#audit.report(worker, report, scenarios.files.length > 0 || intrusion !== 'off')
    this.#detector.evidence(worker, report.evidence)
  }
}

/** Blocks, postures and the bypass, with what they do to a crew. */
function preventionOf(config: Config, crew: Crew, { trail }: AuditDesk, log: Log): Prevention {
  const hands = {
    blocks: crew.memory.blocks,
    expel: () => crew.expel(),
    dismiss: (device: string, why: string) => crew.dismiss(device, why),
    bypass: (isOn: boolean) => crew.bypass(isOn),
    knows: (device: string) => crew.knows(device),
    stands: (device: string, posture: Posture) => crew.place(device, posture),
    devicesFrom: (address: string) => crew.devicesFrom(other => networkOf(other) === networkOf(address)),
  }
  const { store } = config
  const kept = store === 'off' ? null : new Document(new FolderStore(store.folder, KEPT.kind), KEPT.name, KEPT.version)
  return new Prevention(config, hands, kept, trail, systemClock, log)
}

/** Tries the certificates as OpenSSL will take them, here, where a refusal ends nothing. */
function proven(material: Material): Material {
  const { certificate, key, anchors } = material
  try {
    createSecureContext(secureContext({ certificate, key, anchors }))
    return material
  } catch (error) {
    const reason = error instanceof Error && 'reason' in error ? String(error.reason) : systemCode(error)
    const what = `the gateway's certificate, key or anchors are refused by TLS (${reason})`
    const hint = 'A P-256 key, or RSA of 2048 bits or more, and a certificate that belongs to it are needed.'
    throw new RingwallError('certificate_unusable', what, hint, { field: 'listen.mqtts.certificate' }, error)
  }
}

/** A new configuration with the running one's keys that count from a restart on. */
function withoutRestart(running: Config, next: Config): Config {
  const { certificate, key, gather } = next.listen.mqtts
  return {
    ...next,
    site: running.site,
    listen: { mqtts: { ...running.listen.mqtts, certificate, key, gather } },
    upstream: running.upstream,
    identity: { ...next.identity, device: running.identity.device },
    limits: {
      ...next.limits,
      devices: running.limits.devices,
      handshakes: running.limits.handshakes,
      handshakeTimeout: running.limits.handshakeTimeout,
    },
    log: running.log,
    metrics: running.metrics,
    control: running.control,
    store: running.store,
    record: running.record,
    ledger: running.ledger,
  }
}
