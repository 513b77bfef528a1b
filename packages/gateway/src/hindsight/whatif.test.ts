import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../config/index.ts'
import { listSegments } from '../recording/folder.ts'
import { makeIdentity } from '../recording/identity.ts'
import { changeOf } from './fates.ts'
import { labActs, labConfig, labSources, Rig, sealRecords } from './hindsight.testkit.ts'
import { type WhatIf, whatIf } from './whatif.ts'

const acts = labActs(5, 3).slice(0, 9_000)
/** Published by everybody on telemetry. */
const GENEROUS = { rate: { topics: [{ filter: 'demo/+/telemetry', messages: '100/s', burst: 100 }] } }

let folder: string
let pair: { identity: string; recipient: string }
let config: Config

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-whatif-'))
  pair = await makeIdentity()
  config = labConfig(GENEROUS)
  const rig = new Rig(config, 2, 300_000)
  for (const [index, act] of acts.entries()) {
    rig.play(act, (index * 7) % 2)
    rig.drain()
  }
  for (const worker of [0, 1]) await sealRecords(folder, worker, rig.records(worker), pair.recipient)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ask = (other: Config): Promise<WhatIf> => whatIf(other, labSources(other), listSegments(folder), [pair.identity])

describe('of an honest fleet that was recorded on two workers', () => {
  test('the same rules would have done the same, whoever reads whom', async () => {
    const { acts: judged, fates, unjudged, devices, cut } = await ask(config)
    expect({ fates, unjudged, cut }).toEqual({ fates: [], unjudged: 0, cut: [] })
    expect(judged).toBe(acts.filter(({ action }) => action !== 'loss').length)
    expect(devices).toBeGreaterThan(15)
  })

  test('a role that loses a topic would have stopped whom it hits, and nobody else; what comes behind is assumed', async () => {
    const roles = { ...config.roles, sensor: { ...config.roles.sensor, publish: ['demo/${device}/status'] } }
    const { fates, divergences } = await ask(labConfig({ ...GENEROUS, roles }))
    expect(fates.length).toBeGreaterThan(3)
    for (const fate of fates) {
      expect(fate).toMatchObject({ change: 'refused', guard: 'access', code: 'publish_denied', sure: 1 })
      expect(fate.assumed).toBeGreaterThan(0)
      const told = acts.filter(
        ({ device, action, topic }) =>
          device === fate.device && action === 'publish' && topic !== `demo/${device}/status`,
      )
      expect(fate.sure + fate.assumed).toBe(told.length)
      expect(fate.examples[0]).toMatch(/^\d{8}T\d{9}Z-[01]#\d+$/)
      expect(divergences.find(({ device }) => device === fate.device)?.id).toBe(fate.examples[0])
    }
  })

  test('with seals required those that seal nothing would have been refused; without the secret nothing is said of them', async () => {
    const sealed = labConfig({ ...GENEROUS, seals: { secret: 'seals.secret', policy: 'required' } })
    const judged = (secret: Uint8Array | null) =>
      whatIf(sealed, labSources(sealed), listSegments(folder), [pair.identity], undefined, secret)
    const known = await judged(new Uint8Array(32))
    expect(known.silent).toEqual([])
    expect(new Set(known.fates.map(({ change, code }) => `${change} ${code}`))).toContain('refused seal_missing')
    const unknown = await judged(null)
    expect({ silent: unknown.silent, fates: unknown.fates }).toEqual({ silent: ['integrity'], fates: [] })
  })

  test('a mode that only observes would have flagged, and a tight limit slowed down', async () => {
    const observed = await ask(labConfig({ ...GENEROUS, roles: { operator: config.roles.operator } }, 'observe'))
    expect(new Set(observed.fates.map(({ change }) => change))).toEqual(new Set(['flagged']))
    const slow = await ask(labConfig({ rate: { topics: [{ filter: 'demo/+/telemetry', messages: '6/m', burst: 1 }] } }))
    expect(
      slow.fates.filter(({ change, code }) => change === 'slowed' && code === 'rate_slowed').length,
    ).toBeGreaterThan(5)
  })
})

test.each([
  [0, 0, null],
  [0, 1, 'flagged'],
  [1, 1, null],
  [1, 0, null],
  [0, 2, 'slowed'],
  [0, 3, 'refused'],
  [1, 4, 'refused'],
  [3, 0, 'freed'],
  [4, 1, 'freed'],
  [3, 4, null],
  [3, 2, null],
] as const)('decision %i then and %i now is %s', (before, now, change) => {
  expect(changeOf(before, now)).toBe(change)
})
