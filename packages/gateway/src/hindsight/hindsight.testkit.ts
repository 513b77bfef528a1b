import { join } from 'node:path'
import { labRoles, type SimulatedAct, simulate } from '@ringwall/lab'
import { generate } from 'mqtt-packet'
import { type Config, makeConfig } from '../config/index.ts'
import { type Act, type Action, AT_REST, type Principal, type Scene } from '../contract/index.ts'
import { readProfiles } from '../keys/profiles.ts'
import { readRules } from '../keys/rules.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { SharedSeries } from '../lanes/series.ts'
import { LaneTable } from '../lanes/table.ts'
import { Judge, type Plan } from '../path/judge.ts'
import { compileProfiles } from '../profile/compile.ts'
import { SparkplugDesk } from '../profile/sparkplug.ts'
import { framed, PREAMBLE } from '../recording/container.ts'
import { segmentName } from '../recording/folder.ts'
import { groundsOf, type Sources } from '../recording/head.ts'
import { SharedRing } from '../recording/ring.ts'
import { SealedFile } from '../recording/sealed.ts'
import { ActWriter } from '../recording/writer.ts'
import { compileRules } from '../signature/index.ts'
import { compileGuards, plansOf, SLOTS } from '../worker/plan.ts'

const PROFILES = join(import.meta.dirname, '..', '..', '..', '..', 'profiles')

/** A configuration over the lab's profiles; its certificates are never read. */
export function labConfig(parts: object = {}, mode = 'enforce'): Config {
  const value = {
    site: 'demo',
    listen: { mqtts: { certificate: 'a.pem', key: 'a.key' } },
    upstream: { url: 'mqtt://127.0.0.1:1883' },
    identity: { anchors: [{ ca: 'ca.pem' }] },
    roles: labRoles,
    rings: { network: mode, identity: mode, integrity: mode, physical: mode },
    profiles: { files: [join(PROFILES, '*.td.json')], mode: 'controller-1/mode' },
    rules: { files: [join(PROFILES, '..', 'rules', '*.rules')] },
    rate: { topics: [{ filter: 'demo/+/telemetry', messages: '2/s', burst: 3 }] },
    ...parts,
  }
  return makeConfig(value, join(PROFILES, 'ringwall.yaml'))
}

export const labSources = (config: Config): Sources => ({
  profiles: readProfiles(config),
  rules: readRules(config),
})

/** Some simulated minutes of the honest fleet. */
export const labActs = (seed: number, minutes: number): SimulatedAct[] => [...simulate({ seed, site: 'demo', minutes })]

interface Seat {
  readonly principal: Principal
  readonly lane: number
  epoch: number
  worker: number
  memo: unknown[]
}

interface Station {
  readonly judge: Judge
  readonly writer: ActWriter
  readonly ring: SharedRing
  readonly records: Buffer[]
  readonly planFor: (device: string) => Plan
  readonly series: SharedSeries
  serial: number
}

/** Workers that share memory and record, as a gateway composes them, without its sockets. */
export class Rig {
  readonly lanes = new LaneTable(64)
  readonly #stations: readonly Station[]
  readonly #seats = new Map<string, Seat>()

  constructor(config: Config, workers: number, segmentBytes: number, ringBytes = 1024 ** 2) {
    const sources = labSources(config)
    const shared = {
      limits: new SharedLimits(4_096, 7).buffer,
      approvals: new SharedApprovals(64, [1, 2, 3, 4]).buffer,
    }
    let series: SharedArrayBuffer | null = null
    this.#stations = Array.from({ length: workers }, (_, worker) => {
      const sparkplug = new SparkplugDesk()
      const book = compileProfiles(sources.profiles, { site: config.site, mode: config.profiles.mode, sparkplug })
      const neighbors = new SharedSeries(series ?? book.series.length)
      series = neighbors.buffer
      const topics = new SharedLimits(shared.limits, 7)
      const approvals = new SharedApprovals(shared.approvals, [1, 2, 3, 4])
      const planFor = plansOf(
        config,
        compileGuards(config, book, { topics, approvals }, compileRules(sources.rules, config.rules.vars)),
      )
      const ring = new SharedRing(ringBytes)
      const writer = new ActWriter(ring, {
        worker,
        grounds: JSON.stringify(groundsOf(config, sources, 'full')),
        planFor,
        keepers: [sparkplug],
        neighbors,
        series: neighbors.count,
        lanes: this.lanes.capacity,
        segment: { bytes: segmentBytes, time: 3_600_000 },
      })
      const judge = new Judge()
      judge.witness = writer
      for (const each of [sparkplug, neighbors, topics, approvals]) each.tap = writer
      return { judge, writer, ring, records: [], planFor, series: neighbors, serial: 0 }
    })
  }

  /** Lets a device do something at a worker; a connection stays where it was opened. @returns the decision in numbers */
  play(done: SimulatedAct, at: number, payload: Uint8Array = done.payload): number {
    if (done.action === 'loss') return 0
    const seat = this.#seat(done, at)
    const station = this.#stations[seat.worker]
    if (station === undefined) throw new RangeError(`there is no worker ${seat.worker}`)
    const bytes = packetOf(done, payload)
    const text = done.action === 'connect' ? '' : done.topic
    const act: Act = {
      serial: ++station.serial,
      direction: done.direction,
      action: done.action as Action,
      speaker: seat.principal,
      subject: done.device,
      address: { bytes: new TextEncoder().encode(text), text, memo: new Array(SLOTS).fill(undefined) },
      bytes,
      start: 0,
      end: bytes.length,
      payloadStart: bytes.length - (done.action === 'connect' ? 0 : payload.length),
      payloadEnd: bytes.length,
      qos: done.qos,
      retain: done.retain,
      weight: 1,
    }
    const times = { now: done.wall - 1_600_000_000_000, wall: done.wall, keepAlive: 30_000 }
    const scene: Scene = { ...AT_REST, ...times, neighbors: station.series, memo: seat.memo }
    const lane = this.lanes.open(seat.lane, seat.epoch)
    return station.judge.judge(station.planFor(done.device), act, lane, scene)
  }

  /** Reads what a worker has recorded since the last call, as the recorder's thread would. */
  drain(): void {
    for (const { ring, records } of this.#stations) {
      for (let record = ring.next(); record !== null; record = ring.next()) {
        records.push(Buffer.from(record))
        ring.free()
      }
    }
  }

  records(worker: number): readonly Buffer[] {
    return this.#stations[worker]?.records ?? []
  }

  get lost(): number {
    return this.#stations.reduce((sum, { ring }) => sum + ring.lost, 0)
  }

  #seat({ device, role, action }: SimulatedAct, at: number): Seat {
    let seat = this.#seats.get(device)
    if (seat === undefined) {
      const principal: Principal = { site: 'demo', device, roles: [role], assurance: 'certificate', fingerprint: '' }
      seat = { principal, lane: this.#seats.size, epoch: 0, worker: at, memo: [] }
      this.#seats.set(device, seat)
    }
    if (action === 'connect' || seat.epoch === 0) {
      seat.epoch = this.lanes.advance(seat.lane)
      seat.worker = at
      seat.memo = []
    }
    return seat
  }
}

function packetOf({ action, device, topic, qos, retain, dup }: SimulatedAct, payload: Uint8Array): Buffer {
  const bytes = Buffer.from(payload)
  if (action === 'connect')
    return generate({ cmd: 'connect', clientId: device, protocolId: 'MQTT', protocolVersion: 4, clean: true })
  if (action === 'will') {
    const will = { topic, payload: bytes, qos, retain }
    return generate({ cmd: 'connect', clientId: device, protocolId: 'MQTT', protocolVersion: 4, clean: true, will })
  }
  return generate({ cmd: 'publish', topic, payload: bytes, qos, retain, dup, ...(qos > 0 ? { messageId: 1 } : {}) })
}

/** Seals records as the recorder's thread does. @returns the file */
export async function sealRecords(
  folder: string,
  worker: number,
  records: readonly Buffer[],
  recipient: string,
  began = Date.now(),
): Promise<string> {
  const file = await SealedFile.create(join(folder, segmentName(worker, began)), [recipient])
  await file.write(Buffer.concat([PREAMBLE, ...records.map(framed)]))
  await file.close()
  return file.path
}
