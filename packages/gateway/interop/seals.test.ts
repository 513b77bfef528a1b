import { attacks, type LabEvent } from '@ringwall/lab'
import { afterEach, expect, test } from 'vitest'
import type { Mode } from '../src/contract/index.ts'
import { buildPlantSite, type PlantSite } from '../src/demo/plant-site.ts'
import { playRound } from '../src/demo/round.ts'
import { Gateway } from '../src/gateway.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../src/upstream/embedded.ts'

const SECONDS = 26
const SEALED = attacks.filter(({ sealed }) => sealed === true).map(({ name }) => name)

/** What each attack is found as, while its device's place is taken. */
const CODES: Readonly<Record<string, string>> = {
  'sealed-altered': 'seal_forged',
  'sealed-truncated': 'seal_truncated',
  'sealed-algorithm': 'seal_algorithm',
  'sealed-replayed': 'seal_clock',
  'sealed-suppressed': 'seal_gap',
  'sealed-twin': 'seal_fork',
  'sealed-restored': 'seal_stale',
}

let broker: EmbeddedBroker
let site: PlantSite
let gateway: Gateway

afterEach(async () => {
  await gateway?.stop()
  await broker?.close()
  site?.remove()
})

async function play(guards: Mode) {
  broker = await startEmbeddedBroker()
  site = await buildPlantSite(broker, 0, guards)
  gateway = await Gateway.start(site.config)
  const codes: Record<string, string[]> = {}
  const spans: (LabEvent & { kind: 'attack-end' })[] = []
  const card = await playRound({
    gateway,
    site,
    broker: `mqtt://lab:${broker.password}@127.0.0.1:${broker.port}`,
    seed: 5,
    seconds: SECONDS,
    attacks: SEALED,
    on: event => void (event.kind === 'attack-end' && spans.push(event)),
    signal: new AbortController().signal,
  })
  for (const { report } of spans) {
    const { name, from, to, devices } = report
    const told = gateway.verdicts.latest(Number.POSITIVE_INFINITY, each => {
      return devices.includes(each.device) && each.time >= from && each.time <= to
    })
    const found = told.flatMap(({ findings }) => findings.filter(({ guard }) => guard === 'integrity'))
    codes[name] = [...new Set(found.map(({ code }) => code))]
  }
  return { card, codes }
}

test('attackers on seals have their effect where guards are off', { timeout: 90_000 }, async () => {
  const { card } = await play('off')
  expect(card.attacks.map(({ name, error }) => [name, error])).toEqual(SEALED.map(name => [name, null]))
  expect(card.attacks.filter(({ effect }) => effect === 0)).toEqual([])
})

test('and none where they enforce, each with a code of its own; nothing honest is lost', {
  timeout: 90_000,
}, async () => {
  const { card, codes } = await play('enforce')
  expect(card.attacks.map(({ name, error, effect }) => [name, error, effect])).toEqual(
    SEALED.map(name => [name, null, 0]),
  )
  expect(card.lost).toBe(0)
  for (const [name, code] of Object.entries(CODES)) expect(codes[name], name).toContain(code)
})
