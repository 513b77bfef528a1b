import { setTimeout as sleep } from 'node:timers/promises'
import type { AttackReport } from './attackers/report.ts'
import { campaign } from './campaign.ts'
import { checkOptions } from './check.ts'
import { labDevices } from './fleet/devices.ts'
import { Fleet } from './fleet/fleet.ts'
import { readings } from './fleet/readings.ts'
import { service } from './fleet/service.ts'
import { Observer } from './observer.ts'
import { scorecard, type Totals } from './scorecard.ts'
import type { LabEvent, LabOptions, LabPhase, Scorecard } from './types.ts'

/** Honest traffic alone before the first attack, ms. */
const BASELINE = 1500
/** The plant is shut down so long before the end, ms. */
const SHUTDOWN = 2500
/** What is on its way at the end has so long to arrive, ms. */
const SETTLE = 5000
const PLANT_PERIOD = 500
const FLEET_PERIOD = 1000

/** What a run found, before anybody has said what stopped the attacks. */
export interface Findings {
  readonly totals: Totals
  readonly reports: readonly AttackReport[]
}

/**
 * Connects the fleet through the gateway, lets the plant run, attacks, and counts.
 * Rejects if the lab itself cannot work (options, broker, fleet) or `signal` aborts; an attack that fails does not reject.
 */
export async function runLab(
  options: LabOptions,
  on: (event: LabEvent) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Scorecard> {
  const { totals, reports } = await perform(options, on, signal)
  return scorecard(totals, reports, options.stoppedBy)
}

/** As `runLab`, without asking what stopped the attacks. */
export async function perform(
  options: LabOptions,
  on: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<Findings> {
  checkOptions(options)
  signal.throwIfAborted()
  const end = performance.now() + options.seconds * 1000
  const phase = (name: LabPhase) => on({ kind: 'phase', time: Date.now(), phase: name })

  phase('connecting')
  const observer = await Observer.start(options.upstream.url, options.site)
  const fleet = new Fleet(options, observer.version)
  const timers: NodeJS.Timeout[] = []
  try {
    await fleet.start()
    timers.push(setInterval(() => on(plantEvent(fleet)), PLANT_PERIOD))
    timers.push(setInterval(() => on(fleetEvent(fleet, observer)), FLEET_PERIOD))

    phase('settling')
    await sleep(BASELINE, undefined, { signal })
    phase('attacking')
    const left = (end - performance.now() - SHUTDOWN) / 1000
    const [reports] = await Promise.all([
      campaign({ options, observer, fleet, signal, on }, left),
      service(fleet, on, signal),
    ])
    await sleep(Math.max(0, end - performance.now() - SHUTDOWN), undefined, { signal })

    fleet.works.order('stop')
    await sleep(Math.min(SHUTDOWN, Math.max(500, end - performance.now())), undefined, { signal })
    phase('counting')
    fleet.quiet()
    const totals = await count(fleet, observer, signal)
    on(plantEvent(fleet))
    on(fleetEvent(fleet, observer))
    phase('done')
    return { totals, reports }
  } finally {
    for (const timer of timers) clearInterval(timer)
    await fleet.end()
    await tidy(observer, options.site)
    await observer.end()
  }
}

async function count(fleet: Fleet, observer: Observer, signal: AbortSignal): Promise<Totals> {
  const end = performance.now() + SETTLE
  // The first wait is for acknowledgements, which make messages published, the further ones for their arrival.
  do await sleep(300, undefined, { signal })
  while (fleet.tally.missing(observer.saw).length > 0 && performance.now() < end)
  if (!observer.connected) throw new Error('The observer lost its broker, so nothing could be counted')
  const published = fleet.tally.count
  const lost = fleet.tally.missing(observer.saw).length
  return { devices: fleet.devices.length, published, delivered: published - lost, lost }
}

/** Removes the retained messages that the fleet has left on the broker. */
async function tidy(observer: Observer, site: string): Promise<void> {
  if (!observer.connected) return
  const topics = labDevices.flatMap(({ device }) => ['status', 'state'].map(leaf => `${site}/${device}/${leaf}`))
  await observer.erase(topics)
}

function plantEvent({ plant, mode }: Fleet): LabEvent {
  return { kind: 'plant', time: Date.now(), mode, values: readings(plant), conditions: plant.conditions }
}

function fleetEvent(fleet: Fleet, observer: Observer): LabEvent {
  return {
    kind: 'fleet',
    time: Date.now(),
    devices: fleet.devices.length,
    connected: fleet.connected,
    dropped: fleet.dropped,
    published: fleet.tally.count,
    delivered: observer.delivered,
    latency: observer.latency,
  }
}
