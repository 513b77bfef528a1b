import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMicroseconds } from '../base/proc.ts'
import { Remote } from '../base/remote.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { type Contender, inTurns } from '../base/turns.ts'
import type { PacedCalls } from '../load/paced.ts'
import { startGateway } from '../peers/gateway.ts'
import { startHaproxy } from '../peers/haproxy.ts'
import { startMosquitto } from '../peers/mosquitto.ts'
import type { Peer } from '../peers/peer.ts'
import { followBroker, startSink, type Tally } from '../peers/tally.ts'
import type { Setting } from './bench.ts'

/** Messages a second of all paced loads, and over how many connections. */
export const PACE = { rate: 4000, connections: 20 } as const

interface Way extends Contender {
  readonly peer: Peer
  readonly tally: Tally
}

/** CPU a message at an even pace, where waking up costs more than the messages. */
export async function* paced(setting: Setting): AsyncGenerator<Line> {
  const { folder, options } = setting
  const { cli, profile } = options
  const sink = setting.own(await startSink())
  const mosquitto = setting.own(await startMosquitto(folder, 'mosquitto-paced'))
  const direct = setting.own(await followBroker(mosquitto.plainPort))
  const gateway = async (name: string, rings: 'forward' | 'scenarios') =>
    setting.own(await startGateway(folder, { name, rings, upstreamPort: sink.port, cli, profile }))
  const ways: Way[] = [
    { name: 'forward', peer: await gateway('forward-paced', 'forward'), tally: sink },
    { name: 'guards', peer: await gateway('guards-paced', 'scenarios'), tally: sink },
    { name: 'haproxy', peer: setting.own(await startHaproxy(folder, sink.port)), tally: sink },
    { name: 'mosquitto', peer: mosquitto, tally: direct },
  ]
  const load = setting.own(new Remote<PacedCalls>('paced'))
  const sent = new Map<Tally, number>()
  for (const way of ways) sent.set(way.tally, await way.tally.received())
  const seconds = options.quick ? 1 : 4
  const results = await inTurns(ways, options.rounds, options.seed, async (way, round) => {
    const party = { folder, port: way.peer.port, first: 0, count: PACE.connections }
    await load.call('connect', { name: way.name, party })
    await sleep(200)
    const cpu = cpuMicroseconds(way.peer.pid)
    const block = await load.call('run', { party: way.name, rate: PACE.rate, seconds, awaitDelivery: false })
    const total = sent.get(way.tally)! + block.sent
    sent.set(way.tally, total)
    await way.tally.reach(total)
    const spent = (cpuMicroseconds(way.peer.pid) - cpu) / block.sent
    await load.call('close', { name: way.name })
    way.peer.check()
    progress(`paced round ${round} ${way.name}: ${spent.toFixed(1)} us`)
    return spent
  })
  for (const own of ['forward', 'guards']) {
    for (const peer of ['mosquitto', 'haproxy']) {
      const subject = { bench: 'path', case: `${own}, ${PACE.rate}/s, QoS 0`, metric: 'cpu a message', unit: 'us' }
      yield beside(subject, results.get(own)!, peer, results.get(peer)!)
    }
  }
}
