import { attacks } from '@ringwall/lab'
import { afterEach, expect, test } from 'vitest'
import type { Mode } from '../src/contract/index.ts'
import { buildPlantSite, type PlantSite } from '../src/demo/plant-site.ts'
import { playRound } from '../src/demo/round.ts'
import { Gateway } from '../src/gateway.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../src/upstream/embedded.ts'

const SECONDS = 18
const ON_LEDGER = attacks.filter(({ ledger }) => ledger !== undefined).map(({ name }) => name)

/** A code by which each is named. */
const CODES: Readonly<Record<string, string>> = {
  'ledger-edited': 'entry_mismatch',
  'ledger-truncated': 'history_shorter',
  'ledger-reordered': 'entry_mismatch',
  'ledger-regenerated': 'checkpoint_unknown_key, history_other',
  'ledger-two-histories': 'split_view, inconsistent',
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
  return playRound({
    gateway,
    site,
    broker: `mqtt://lab:${broker.password}@127.0.0.1:${broker.port}`,
    seed: 5,
    seconds: SECONDS,
    attacks: ON_LEDGER,
    on: () => {},
    signal: new AbortController().signal,
  })
}

// The ledger is no guard: it is bounded, and shows what was done to it, whatever guards do.
test.each(['enforce', 'off'] as const)(
  'attackers on the ledger of a running gateway are found (guards: %s)',
  {
    timeout: 60_000,
  },
  async guards => {
    const { attacks: scores, lost } = await play(guards)
    expect(scores.map(({ name, error, effect }) => ({ name, error, effect }))).toEqual(
      ON_LEDGER.map(name => ({ name, error: null, effect: 0 })),
    )
    expect(lost).toBe(0)
    for (const { name, stoppedBy, expected, code } of scores) {
      expect(stoppedBy, name).toBe(expected)
      expect(code, name).toContain(CODES[name] ?? '')
    }
    const { code, detail } = scores.find(({ name }) => name === 'log-flood') ?? {}
    if (guards === 'enforce') expect(code, detail).toContain('publish_denied')
  },
)
