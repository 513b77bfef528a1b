import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../src/config/index.ts'
import { buildPlantSite, type PlantSite } from '../src/demo/plant-site.ts'
import { playRound } from '../src/demo/round.ts'
import { Gateway } from '../src/gateway.ts'
import { replayRecordings } from '../src/hindsight/replay.ts'
import { listSegments } from '../src/recording/folder.ts'
import { makeIdentity } from '../src/recording/identity.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../src/upstream/embedded.ts'

const SEED = 11
const SECONDS = 30

describe('a live run of the lab on two workers, attackers among them, recorded', () => {
  let folder: string
  let broker: EmbeddedBroker
  let site: PlantSite
  let identity: string
  let gateway: Gateway | null = null

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ringwall-recorded-'))
    broker = await startEmbeddedBroker()
    site = await buildPlantSite(broker, 0, 'enforce')
    const pair = await makeIdentity()
    identity = pair.identity
    const config: Config = {
      ...site.config,
      listen: { mqtts: { ...site.config.listen.mqtts, workers: 2 } },
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
})
