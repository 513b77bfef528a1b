import { createServer, type Server } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { RingwallError, systemCode } from '../base/error.ts'
import type { Counts } from '../contract/index.ts'
import type { AlarmMemory } from './alarms.ts'
import type { TallyBook } from './tally.ts'

/** Seconds: from a tenth of the usual to what a person would notice. */
const BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25]

const TOTALS: Record<Exclude<keyof Counts, 'awaited' | 'bytesUp' | 'bytesDown'>, [string, string]> = {
  accepted: ['ringwall_connections_accepted_total', 'Connections whose certificate was verified.'],
  acts: ['ringwall_acts_total', 'Acts judged, both directions.'],
  forwarded: ['ringwall_messages_forwarded_total', 'Messages forwarded to the broker.'],
  delivered: ['ringwall_messages_delivered_total', 'Messages passed on to devices.'],
  refused: ['ringwall_acts_refused_total', 'Acts that did not pass, both directions.'],
  throttled: ['ringwall_throttles_total', 'Times that reading from a device was stopped for going too fast.'],
}

/** The gateway's metrics in Prometheus' text format, names by its conventions. */
export class Metrics {
  readonly registry = new Registry()
  readonly #chunks: Histogram
  #server: Server | null = null

  /** @param lost happenings that found no room on their way to the scenarios. */
  constructor(book: TallyBook, devices: () => number, alarms: AlarmMemory, lost: () => number) {
    const registers = [this.registry]
    for (const [key, [name, help]] of Object.entries(TOTALS) as [keyof Counts, [string, string]][]) {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset()
          this.inc(book.totals[key])
        },
      })
    }
    new Counter({
      name: 'ringwall_received_bytes_total',
      help: 'Bytes received, by where from.',
      labelNames: ['from'],
      registers,
      collect() {
        this.reset()
        this.inc({ from: 'device' }, book.totals.bytesUp)
        this.inc({ from: 'broker' }, book.totals.bytesDown)
      },
    })
    new Counter({
      name: 'ringwall_findings_total',
      help: 'Findings by guard, code and the decision that they led to.',
      labelNames: ['guard', 'code', 'decision'],
      registers,
      collect() {
        this.reset()
        for (const { guard, code, decision, count } of book.codes) this.inc({ guard, code, decision }, count)
      },
    })
    new Counter({
      name: 'ringwall_alarms_total',
      help: 'Scenarios that came true.',
      labelNames: ['scenario', 'severity'],
      registers,
      collect() {
        this.reset()
        for (const { scenario, severity, count } of alarms.counts) this.inc({ scenario, severity }, count)
      },
    })
    new Counter({
      name: 'ringwall_evidence_lost_total',
      help: 'Happenings that scenarios did not see because there was no room for them.',
      registers,
      collect() {
        this.reset()
        this.inc(lost())
      },
    })
    gauge('ringwall_connections', 'Connections open now, verified.', registers, () => book.connections)
    gauge('ringwall_devices', 'Devices with a session now.', registers, devices)
    gauge(
      'ringwall_buffered_bytes',
      'Bytes kept for unfinished packets and waiting sends.',
      registers,
      () => book.buffered,
    )
    this.#chunks = new Histogram({
      name: 'ringwall_chunk_duration_seconds',
      help: 'From a received chunk to its hand-over to the socket, a sample of all.',
      buckets: BUCKETS,
      registers,
    })
  }

  /** Adds what another room knows: a number that is read whenever somebody looks. */
  watch(name: string, help: string, value: () => number): void {
    gauge(name, help, [this.registry], value)
  }

  observe(seconds: readonly number[]): void {
    for (const each of seconds) this.#chunks.observe(each)
  }

  /** Serves `/metrics`. @returns the port. Errors: `metrics_port`. */
  async listen(host: string, port: number): Promise<number> {
    // It watches the event loop with a timer of its own: only where somebody looks, and no more than ten times a second.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 100 })
    const server = createServer(async (request, response) => {
      if (request.url !== '/metrics') return void response.writeHead(404).end()
      response.setHeader('content-type', this.registry.contentType)
      response.end(await this.registry.metrics())
    })
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', error => {
        const what = `the metrics port ${host}:${port} cannot be used (${systemCode(error)})`
        reject(
          new RingwallError(
            'metrics_port',
            what,
            'Choose another port, or 0 for any.',
            { field: 'metrics.port' },
            error,
          ),
        )
      })
      server.listen(port, host, resolve)
    })
    const address = server.address()
    return address !== null && typeof address === 'object' ? address.port : port
  }

  close(): void {
    this.#server?.close()
    this.#server?.closeAllConnections()
  }
}

function gauge(name: string, help: string, registers: Registry[], value: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(value())
    },
  })
}
