import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabEvent } from '@ringwall/lab'
import { type Command, Option } from 'commander'
import type { Mode } from '../contract/index.ts'
import { attend } from '../demo/attend.ts'
import { Board } from '../demo/board.ts'
import { HonestWatch } from '../demo/honest.ts'
import { buildPlantSite, GUEST, type PlantSite, SITE } from '../demo/plant-site.ts'
import { playRound } from '../demo/round.ts'
import { stopperFrom } from '../demo/stopper.ts'
import { type DemoScore, demoScore, isHarmed, summary } from '../demo/summary.ts'
import { traffic } from '../demo/traffic.ts'
import { Gateway } from '../gateway.ts'
import { startEmbeddedBroker } from '../upstream/embedded.ts'
import { rehearseDrifts, teachFleet } from './demo-rehearsal.ts'
import { type Outcome, runs, verb } from './verb.ts'
import { whole } from './whole.ts'

interface DemoOptions {
  readonly seconds?: number
  readonly guards: Mode
  readonly seed: number
  readonly port: number
  readonly json?: boolean
  readonly profiles?: string
  readonly traffic?: number
}

/** A round of attacks where no `--seconds` is given, and the first seed. */
const ROUND = 60
const SEED = 7
const DRAW = 500
/** Between two rounds, ms. */
const REST = 15_000
/** Minutes of traffic that given profiles are taken to have been learned from: they are judged on the next ones. */
const LEARNED = 10

/** `ringwall demo`: gateway, embedded broker, plant, fleet and attackers, with a live board. */
export function demoVerb(program: Command): void {
  const command = verb(program, {
    name: 'demo',
    summary: 'Run a gateway with a plant, its fleet and attackers, all on this machine.',
    example: 'ringwall demo --seconds 45 --guards off --json',
  })
    .option('--seconds <n>', 'end after so many seconds with a scorecard (45 is enough for all attacks)', whole)
    .addOption(
      new Option('--guards <mode>', 'what the guards do').choices(['off', 'observe', 'enforce']).default('enforce'),
    )
    .option('--seed <n>', 'of the plant and the attackers', whole, SEED)
    .option('--port <n>', 'the port for devices; another is taken where it is not free', whole, 8883)
    .option('--traffic <minutes>', 'only print what the honest fleet says in so many simulated minutes', whole)
    .option('--profiles <folder>', "judge by these profiles, as learned from --traffic 10, instead of the demo's own")
  runs<DemoOptions>(command, (_, options) =>
    options.traffic === undefined ? demo(options) : recording(options.seed, options.traffic),
  )
}

/** What profiles can be learned from. */
function recording(seed: number, minutes: number): Outcome {
  const lines = [...traffic(seed, SITE, minutes)]
  const text = `${lines.join('\n')}\n`
  return { status: 0, text, json: lines.map(line => JSON.parse(line)) }
}

async function demo(options: DemoOptions): Promise<Outcome> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const live = options.json !== true && process.stdout.isTTY
  say('Starting the broker, the CA and the gateway ...')
  const broker = await startEmbeddedBroker()
  const { profiles } = options
  const site = await buildPlantSite(broker, await portOr(options.port), options.guards, profiles)
  const honest = await teachFleet(site.config, options.seed, say, profiles === undefined ? 0 : LEARNED)
  const drifts = rehearseDrifts(site.config, options.seed, site.levelDrift)
  const gateway = await Gateway.start(site.config)
  const aborter = new AbortController()
  const stop = (): void => aborter.abort(new Error('stopped'))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  for (const line of welcome(gateway, site)) say(line)
  const board = new Board(gateway)
  const timer = live ? setInterval(() => draw(board, welcome(gateway, site)), DRAW) : undefined
  const stopper = stopperFrom(gateway.verdicts)
  let watch = new HonestWatch(gateway.verdicts)
  const on = (event: LabEvent): void => {
    board.see(event)
    watch.see(event)
    if (event.kind === 'service') attend(gateway, event)
    if (!live) narrate(event, say)
    if (event.kind !== 'attack-end') return
    const { name, found } = event.report
    if (found !== undefined) board.stopped(name, found.by)
    else void stopper(event.report).then(({ by }) => board.stopped(name, by))
  }
  let score: DemoScore | null = null
  try {
    do {
      watch = new HonestWatch(gateway.verdicts)
      const card = await playRound({
        gateway,
        site,
        broker: `mqtt://lab:${broker.password}@127.0.0.1:${broker.port}`,
        seed: options.seed,
        seconds: options.seconds ?? ROUND,
        on,
        signal: aborter.signal,
      })
      score = demoScore(card, { honest, drifts }, watch.flagged, watch.phases)
      if (live) draw(board, welcome(gateway, site))
      if (options.seconds !== undefined) break
      say(summary(score))
      // The next round has a plant that begins anew: time enough for levels and temperatures to have become what they were.
      await sleep(REST, undefined, { signal: aborter.signal })
    } while (!aborter.signal.aborted)
  } catch (error) {
    if (!aborter.signal.aborted) throw error
  } finally {
    clearInterval(timer)
    await gateway.stop()
    await broker.close()
    site.remove()
  }
  return outcome(score)
}

/** Progress for those who have no terminal to draw on. */
function narrate(event: LabEvent, say: (line: string) => void): void {
  if (event.kind === 'phase') say(`${event.phase} ...`)
  else if (event.kind === 'attack-end') {
    const { name, technique, attempts, effect, error } = event.report
    say(`${name} (${technique}): ${attempts} attempts, effect ${effect}${error === null ? '' : `, error: ${error}`}`)
  }
}

function welcome(gateway: Gateway, { folder }: PlantSite): string[] {
  const to = `-h localhost -p ${gateway.port} --cafile ${folder}/ca.pem`
  return [
    `Devices connect to mqtts://localhost:${gateway.port}; metrics at http://127.0.0.1:${gateway.metricsPort}/metrics.`,
    'Your own device, while this runs (the embedded broker speaks MQTT 3.1.1):',
    `  mosquitto_pub ${to} --cert ${folder}/${GUEST}.pem --key ${folder}/${GUEST}.key -i ${GUEST} -t demo/${GUEST}/telemetry -m 1 -q 1`,
    `Why something was refused: npx ringwall explain --socket ${folder}/run/ringwall.sock`,
    'Your own broker: README.md, "In front of your own broker". Stop with Ctrl-C.',
  ]
}

function draw(board: Board, below: readonly string[]): void {
  // One row is the cursor's.
  const rows = (process.stdout.rows ?? Number.POSITIVE_INFINITY) - 1
  process.stdout.write(`\x1b[H\x1b[2J${board.draw(below, rows).join('\n')}\n`)
}

/** Status 1 where an attack had an effect, or an honest message was lost or flagged. */
function outcome(score: DemoScore | null): Outcome {
  if (score === null) return { status: 0, text: '', json: null }
  return { status: isHarmed(score) ? 1 : 0, text: `\n${summary(score)}\n`, json: score }
}

/** The port itself where it is free, else 0 for any. */
function portOr(port: number): Promise<number> {
  const probe = createServer()
  const { promise, resolve } = Promise.withResolvers<number>()
  probe.once('error', () => resolve(0))
  probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(port)))
  return promise
}
