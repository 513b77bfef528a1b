import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../src/config/index.ts'
import { buildPlantSite, type PlantSite } from '../src/demo/plant-site.ts'
import { playRound } from '../src/demo/round.ts'
import { Gateway } from '../src/gateway.ts'
import { replayRecordings } from '../src/hindsight/replay.ts'
import { PREAMBLE } from '../src/recording/container.ts'
import { listSegments } from '../src/recording/folder.ts'
import { makeIdentity } from '../src/recording/identity.ts'
import { ACTIONS, At, Kind } from '../src/recording/layout.ts'
import { SealedFile } from '../src/recording/sealed.ts'
import { unseal } from '../src/recording/unseal.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../src/upstream/embedded.ts'

const SEED = 11
const SECONDS = 30
const RULES = join(import.meta.dirname, '..', '..', '..', 'rules', '*.rules')

describe('a live run of the lab on two workers, attackers among them, recorded', () => {
  let folder: string
  let broker: EmbeddedBroker
  let site: PlantSite
  let identity: string
  let recipient: string
  let gateway: Gateway | null = null

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ringwall-recorded-'))
    broker = await startEmbeddedBroker()
    site = await buildPlantSite(broker, 0, 'enforce')
    const pair = await makeIdentity()
    identity = pair.identity
    recipient = pair.recipient
    const config: Config = {
      ...site.config,
      listen: { mqtts: { ...site.config.listen.mqtts, workers: 2 } },
      rules: { ...site.config.rules, files: [RULES] },
      record: { path: folder, size: 64 * 1024 ** 2, keep: 86_400_000, to: [pair.recipient], payloads: 'full' },
    }
    gateway = await Gateway.start(config)
    const url = `mqtt://lab:${broker.password}@127.0.0.1:${broker.port}`
    const { signal } = new AbortController()
    const { lost } = await playRound({ gateway, site, broker: url, seed: SEED, seconds: SECONDS, on: () => {}, signal })
    expect(lost).toBe(0)
    await gateway.stop()
  })
  afterAll(async () => {
    await broker?.close()
    site?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  test('comes to the same again, bit for bit, in every lane', async () => {
    const segments = listSegments(folder)
    expect(new Set(segments.map(({ worker }) => worker))).toEqual(new Set([0, 1]))
    const report = await replayRecordings(
      segments.map(({ path }) => path),
      [identity],
    )
    const differing = report.lanes.filter(({ same }) => !same)
    expect(differing).toEqual([])
    expect(report.cut).toEqual([])
    expect(report.lanes.every(({ live, now, missed, silent }) => live === now && missed === 0 && silent === 0)).toBe(
      true,
    )
    expect(new Set(report.lanes.map(({ device }) => device)).size).toBeGreaterThanOrEqual(20)
    expect(report.acts).toBeGreaterThan(2_000)
    console.info(`${report.acts} acts in ${report.lanes.length} lanes of ${segments.length} segments`)
  })

  test('comes to something else with one byte of one payload changed, or one number that another worker had written', async () => {
    const segments = listSegments(folder)
    const changes: ((act: Buffer) => boolean)[] = [
      act => {
        if ((act[At.flags] & 7) !== ACTIONS.indexOf('publish') || act.readUInt32LE(At.payload) === 0) return false
        act[At.end + act.readUInt16LE(At.address) + act.readUInt32LE(At.payloadStart)] ^= 0x01
        return true
      },
      act => {
        const reads = At.end + act.readUInt16LE(At.address) + act.readUInt32LE(At.packet)
        if (act.readUInt16LE(At.reads) < 3 || act.readDoubleLE(reads) === 0) return false
        act.writeDoubleLE(act.readDoubleLE(reads) * 2, reads)
        return true
      },
    ]
    for (const [index, change] of changes.entries()) {
      const path = await changedOf(segments, `${index}.age`, change)
      const { same, lanes } = await replayRecordings([path], [identity])
      expect(same).toBe(false)
      expect(lanes.filter(lane => !lane.same).length).toBe(1)
    }
  })

  /** The first segment that has such an act: a flood may fill some with nothing else. */
  async function changedOf(
    segments: readonly { readonly path: string }[],
    name: string,
    change: (act: Buffer) => boolean,
  ): Promise<string> {
    for (const { path } of segments) {
      const made = await changed(path, name, change)
      if (made !== null) return made
    }
    throw new Error('no act that was recorded can be changed so')
  }

  /** The same recording with its first act changed that can be, sealed anew; null where none can. */
  async function changed(from: string, name: string, change: (act: Buffer) => boolean): Promise<string | null> {
    const read = await unseal(from, [identity])
    const plain = Buffer.concat([...read.chunks])
    let isDone = false
    for (let at = PREAMBLE.length; at < plain.length && !isDone; at += 4 + plain.readUInt32LE(at)) {
      const record = plain.subarray(at + 4, at + 4 + plain.readUInt32LE(at))
      if (record[0] === Kind.act) isDone = change(record)
    }
    if (!isDone) return null
    const path = join(folder, name)
    const file = await SealedFile.create(path, [recipient])
    await file.write(plain)
    await file.close()
    return path
  }
})
