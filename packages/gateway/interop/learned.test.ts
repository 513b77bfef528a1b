import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { attacks, type LabEvent, type Scorecard } from '@ringwall/lab'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rehearseFleet } from '../src/cli/demo-rehearsal.ts'
import { profileVerb } from '../src/cli/profile.ts'
import { printedBy } from '../src/cli/verb.testkit.ts'
import { HonestWatch } from '../src/demo/honest.ts'
import { buildPlantSite, type PlantSite, SITE } from '../src/demo/plant-site.ts'
import { playRound } from '../src/demo/round.ts'
import { traffic } from '../src/demo/traffic.ts'
import { Gateway } from '../src/gateway.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../src/upstream/embedded.ts'

const SEED = 11
const SECONDS = 26
/** Those that are about what was said before and when, of which a draft knows little. */
const OF_TIME = ['replayed-session', 'rhythm-mimicry', 'beaconing', 'off-beat']
/** The others who have stolen a real device's key: only profiles can stop them. */
const STOLEN = attacks
  .filter(({ name, steals, sealed }) => steals !== undefined && sealed !== true && !OF_TIME.includes(name))
  .map(({ name }) => name)
/** What ten minutes of traffic teach without a person's edit. The laws of the plant and its modes are nobody's to guess. */
const CAUGHT = ['unit-swap', 'replay-hour', 'schema-smuggling', 'sparkplug-gap', 'sparkplug-stale-alias']

describe('profiles as they were learned, without a person', () => {
  let folder: string
  let broker: EmbeddedBroker
  let site: PlantSite
  let watch: HonestWatch

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ringwall-learned-'))
    const recording = join(folder, 'traffic.jsonl')
    await pipeline(
      Readable.from(traffic(SEED, SITE, 10)).map((line: string) => `${line}\n`),
      createWriteStream(recording),
    )
    const drafts = join(folder, 'drafts')
    const { status } = await printedBy([profileVerb], ['profile', 'learn', recording, '--out', drafts, '--json'])
    expect(status).toBe(0)
    broker = await startEmbeddedBroker()
    site = await buildPlantSite(broker, 0, 'enforce', drafts)
  })
  afterAll(async () => {
    await broker?.close()
    site?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  test('flag nothing of the next ten minutes, in which connections and power are lost too', () => {
    const { flagged, first, messages } = rehearseFleet(site.config, SEED, () => {}, 10)
    expect({ flagged, first }).toEqual({ flagged: 0, first: [] })
    expect(messages).toBeGreaterThan(50_000)
  })

  test('stop at least half of those who hold the key of a real device, and flag an honest device only where a lie went through before', async () => {
    expect(STOLEN.length).toBe(9)
    const scores = (await play()).attacks
    expect(scores.map(({ name, error }) => ({ name, error }))).toEqual(STOLEN.map(name => ({ name, error: null })))
    const caught = scores.filter(({ effect, stoppedBy }) => effect === 0 && stoppedBy !== '')
    console.info(
      scores
        .map(({ name, effect, stoppedBy }) => `${name}: effect ${effect}, ${stoppedBy || 'not stopped'}`)
        .join('\n'),
    )
    expect(caught.map(({ name }) => name)).toEqual(expect.arrayContaining(CAUGHT))
    expect(caught.length).toBeGreaterThanOrEqual(5)
    // Where the draft let a level drift away, the honest sensor is the one that jumps when it is back, and the water that the
    // lie ran low heats faster than anybody has recorded. The valve that is looked after speaks more often than it ever did, and nobody
    // opens a maintenance window here.
    expect(watch.flagged.filter(line => !/ of (level-[12]|temperature-2|valve-1): /.test(line))).toEqual([])
    for (const { name, stoppedBy } of caught) expect(['schema', 'invariant', 'command'], name).toContain(stoppedBy)
  })

  async function play(): Promise<Scorecard> {
    const gateway = await Gateway.start(site.config)
    const url = `mqtt://lab:${broker.password}@127.0.0.1:${broker.port}`
    const { signal } = new AbortController()
    watch = new HonestWatch(gateway.verdicts)
    const on = (event: LabEvent): void => watch.see(event)
    try {
      return await playRound({ gateway, site, broker: url, seed: SEED, seconds: SECONDS, attacks: STOLEN, on, signal })
    } finally {
      await gateway.stop()
    }
  }
})
