import { createServer } from 'node:net'
import { attacks, forkLab, type LabEvent, type Scorecard } from '@ringwall/lab'
import { type Command, Option } from 'commander'
import type { Mode } from '../contract/index.ts'
import { Board } from '../demo/board.ts'
import { buildPlantSite, GUEST, type PlantSite } from '../demo/plant-site.ts'
import { stopperFrom } from '../demo/stopper.ts'
import { Gateway } from '../gateway.ts'
import { startEmbeddedBroker } from '../upstream/embedded.ts'

interface DemoOptions {
  readonly seconds?: number
  readonly guards: Mode
  readonly seed: number
  readonly port: number
  readonly json?: boolean
}

/** A round of attacks where no `--seconds` is given, and the first seed. */
const ROUND = 60
const SEED = 7
const DRAW = 500

/** `ringwall demo`: gateway, embedded broker, plant, fleet and attackers, with a live board. */
export function demoVerb(program: Command): void {
  program
    .command('demo')
    .description('run a gateway with a plant, its fleet and attackers, all on this machine')
    .option('--seconds <n>', 'end after so many seconds with a scorecard (45 is enough for all attacks)', Number)
    .addOption(
      new Option('--guards <mode>', 'what the guards do').choices(['off', 'observe', 'enforce']).default('enforce'),
    )
    .option('--seed <n>', 'of the plant and the attackers', Number, SEED)
    .option('--port <n>', 'the port for devices; another is taken where it is not free', Number, 8883)
    .option('--json', 'print the scorecard as one JSON line')
    .addHelpText('after', '\nExample:\n  ringwall demo --seconds 45 --guards off --json')
    .action(run)
}

async function run(options: DemoOptions): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const live = options.json !== true && process.stdout.isTTY
  say('Starting the broker, the CA and the gateway ...')
  const broker = await startEmbeddedBroker()
  const site = await buildPlantSite(broker, await portOr(options.port), options.guards)
  const gateway = await Gateway.start(site.config)
  const aborter = new AbortController()
  const stop = (): void => aborter.abort(new Error('stopped'))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  for (const line of welcome(gateway, site)) say(line)
  const board = new Board(gateway)
  const timer = live ? setInterval(() => draw(board, welcome(gateway, site)), DRAW) : undefined
  try {
    do {
      const score = await round(
        options,
        gateway,
        site,
        `mqtt://lab:${broker.password}@127.0.0.1:${broker.port}`,
        board,
        say,
        live,
        aborter.signal,
      )
      if (live) draw(board, welcome(gateway, site))
      report(score, options)
    } while (options.seconds === undefined && !aborter.signal.aborted)
  } catch (error) {
    if (!aborter.signal.aborted) throw error
  } finally {
    clearInterval(timer)
    await gateway.stop()
    await broker.close()
    site.remove()
  }
}

async function round(
  options: DemoOptions,
  gateway: Gateway,
  site: PlantSite,
  url: string,
  board: Board,
  say: (line: string) => void,
  live: boolean,
  signal: AbortSignal,
): Promise<Scorecard> {
  const stopper = stopperFrom(gateway.verdicts)
  const { config, credentials, foreign } = site
  const on = (event: LabEvent): void => {
    board.see(event)
    if (!live) narrate(event, say)
    if (event.kind === 'attack-end') void stopper(event.report).then(by => board.stopped(event.report.name, by))
  }
  return forkLab(
    {
      seed: options.seed,
      site: config.site,
      seconds: options.seconds ?? ROUND,
      gateway: { host: '127.0.0.1', port: gateway.port, servername: 'localhost' },
      upstream: { url },
      credentials,
      foreign,
      limits: {
        messagesPerSecond: config.rate.device.messages,
        burst: config.rate.device.burst,
        payloadBytes: config.size.topics[0].bytes,
        connectSeconds: config.limits.connectTimeout / 1000,
      },
      stoppedBy: stopper,
    },
    on,
    signal,
  )
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
    'Your own device, while this runs:',
    `  mosquitto_pub ${to} --cert ${folder}/${GUEST}.pem --key ${folder}/${GUEST}.key -i ${GUEST} -t demo/${GUEST}/telemetry -m 1 -q 1`,
    `Why something was refused: npx ringwall explain --config off --socket ${folder}/run/ringwall.sock`,
    'Your own broker: README.md, "In front of your own broker". Stop with Ctrl-C.',
  ]
}

function draw(board: Board, below: readonly string[]): void {
  process.stdout.write(`\x1b[H\x1b[2J${[...board.draw(), '', ...below].join('\n')}\n`)
}

function report(score: Scorecard, { json }: DemoOptions): void {
  if (json === true) return console.log(JSON.stringify(score))
  const { devices, published, delivered, lost } = score
  console.log(`\n${devices} devices published ${published}, delivered ${delivered}, lost ${lost}.`)
  for (const { name, technique, attempts, effect, stoppedBy, error } of score.attacks) {
    console.log(
      `${name} (${technique}): ${attempts} attempts, effect ${effect}, stopped by ${stoppedBy || 'nothing'}${error === null ? '' : ` (${error})`}`,
    )
  }
  console.log(`${score.attacks.filter(each => each.effect === 0).length} of ${attacks.length} attacks had no effect.`)
}

/** The port itself where it is free, else 0 for any. */
function portOr(port: number): Promise<number> {
  const probe = createServer()
  const { promise, resolve } = Promise.withResolvers<number>()
  probe.once('error', () => resolve(0))
  probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(port)))
  return promise
}
