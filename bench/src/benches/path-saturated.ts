import { setTimeout as sleep } from 'node:timers/promises'
import { cpuOf } from '../base/proc.ts'
import { Remote } from '../base/remote.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { median } from '../base/stats.ts'
import { type Contender, inTurns } from '../base/turns.ts'
import type { SaturateCalls } from '../load/saturate.ts'
import { startGateway } from '../peers/gateway.ts'
import { startHaproxy } from '../peers/haproxy.ts'
import { startMosquitto } from '../peers/mosquitto.ts'
import type { Peer } from '../peers/peer.ts'
import { followBroker, startSink, type Tally } from '../peers/tally.ts'
import type { Setting } from './bench.ts'

/** A way that messages can take, and the processes whose CPU is on its account. */
interface Way extends Contender {
  readonly peer: Peer
  readonly pids: readonly number[]
  readonly tally: Tally
}

interface Turn {
  /** CPU microseconds a message. */
  readonly cpu: number
  /** CPU seconds a second until the last message was counted; mosquitto tells its count up to a second late. */
  readonly busy: number
}

interface Case {
  readonly name: string
  readonly batch: number
  readonly qos: 0 | 1
  /** Messages of each connection. */
  readonly messages: number
}

const CONNECTIONS = 8

const CASES: readonly Case[] = [
  { name: 'B1 QoS 0', batch: 1, qos: 0, messages: 24_000 },
  { name: 'B16 QoS 0', batch: 16, qos: 0, messages: 64_000 },
  { name: 'B1 QoS 1', batch: 1, qos: 1, messages: 12_288 },
  { name: 'B16 QoS 1', batch: 16, qos: 1, messages: 24_576 },
]

/** CPU a message where the generator sends as fast as it is read and every message is counted at the broker. */
export async function* saturated(setting: Setting): AsyncGenerator<Line> {
  const { options } = setting
  const ways = await startWays(setting)
  const load = setting.own(new Remote<SaturateCalls>('saturate'))
  const sent = new Map<Tally, number>()
  for (const way of ways) sent.set(way.tally, await way.tally.received())
  for (const one of CASES) {
    if (options.only !== undefined && options.only !== 'saturated' && !one.name.includes(options.only)) continue
    const messages = options.quick ? 3200 : one.messages
    const results = await inTurns(ways, options.rounds, options.seed, async (way, round) => {
      const turn = await takeTurn(way, { ...one, messages }, setting.folder, load, sent)
      progress(
        `saturated ${one.name} round ${round} ${way.name}: ${turn.cpu.toFixed(2)} us, busy ${turn.busy.toFixed(2)}`,
      )
      return turn
    })
    yield* linesOf(one.name, results)
  }
}

async function startWays(setting: Setting): Promise<Way[]> {
  const { folder, options } = setting
  const { cli, profile } = options
  const sink = setting.own(await startSink())
  const mosquitto = setting.own(await startMosquitto(folder))
  const behind = setting.own(await startMosquitto(folder, 'broker'))
  const direct = setting.own(await followBroker(mosquitto.plainPort))
  const counted = setting.own(await followBroker(behind.plainPort))
  const gateway = async (name: string, rings: 'forward' | 'guards', upstreamPort: number) =>
    setting.own(await startGateway(folder, { name, rings, upstreamPort, cli, profile }))
  const forward = await gateway('forward', 'forward', sink.port)
  const guards = await gateway('guards', 'guards', sink.port)
  const withBroker = await gateway('forward-broker', 'forward', behind.plainPort)
  const haproxy = setting.own(await startHaproxy(folder, sink.port))
  const haproxyBroker = setting.own(await startHaproxy(folder, behind.plainPort))
  const way = (name: string, peer: Peer, tally: Tally, ...others: number[]): Way => ({
    name,
    peer,
    tally,
    pids: [peer.pid, ...others],
  })
  return [
    way('forward', forward, sink),
    way('guards', guards, sink),
    way('haproxy', haproxy, sink),
    way('mosquitto', mosquitto, direct),
    way('gateway and broker', withBroker, counted, behind.pid),
    way('haproxy and broker', haproxyBroker, counted, behind.pid),
  ]
}

async function takeTurn(
  way: Way,
  one: Case,
  folder: string,
  load: Remote<SaturateCalls>,
  sent: Map<Tally, number>,
): Promise<Turn> {
  const { messages, batch, qos } = one
  await load.call('prepare', { folder, port: way.peer.port, first: 0, count: CONNECTIONS, messages, batch, qos })
  const total = sent.get(way.tally)! + messages * CONNECTIONS
  sent.set(way.tally, total)
  await sleep(100)
  const cpu = cpuOf(way.pids)
  const start = performance.now()
  await load.call('blast', undefined as never)
  await way.tally.reach(total)
  const wall = performance.now() - start
  const spent = cpuOf(way.pids) - cpu
  way.peer.check()
  const { lost } = await load.call('close', undefined as never)
  if (lost > 0) throw new Error(`${way.name} disconnected ${lost} of ${CONNECTIONS} generators`)
  return { cpu: spent / (messages * CONNECTIONS), busy: spent / 1000 / wall }
}

function* linesOf(name: string, results: Map<string, Turn[]>): Generator<Line> {
  const cpu = (way: string) => results.get(way)!.map(turn => turn.cpu)
  const pairs = [
    ['forward', 'mosquitto'],
    ['forward', 'haproxy'],
    ['guards', 'mosquitto'],
    ['guards', 'haproxy'],
    ['gateway and broker', 'mosquitto'],
    ['gateway and broker', 'haproxy and broker'],
  ] as const
  for (const [own, peer] of pairs) {
    const busy = median(results.get(own)!.map(turn => turn.busy))
    const note = own === 'gateway and broker' ? {} : { note: `busy ${busy.toFixed(2)}` }
    const subject = { bench: 'path', case: `${own}, saturated, ${name}`, metric: 'cpu a message', unit: 'us', ...note }
    yield beside(subject, cpu(own), peer, cpu(peer))
  }
}
