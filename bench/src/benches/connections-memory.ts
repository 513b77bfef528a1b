import { setTimeout as sleep } from 'node:timers/promises'
import { type Memory, memoryOf } from '../base/proc.ts'
import { Remote } from '../base/remote.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { type Contender, inTurns } from '../base/turns.ts'
import type { IdleCalls } from '../load/idle.ts'
import { startGateway } from '../peers/gateway.ts'
import { startHaproxy } from '../peers/haproxy.ts'
import { startMosquitto } from '../peers/mosquitto.ts'
import type { Peer } from '../peers/peer.ts'
import { startSink } from '../peers/tally.ts'
import type { Setting } from './bench.ts'

interface Starter extends Contender {
  readonly start: () => Promise<Peer>
}

/** Connections that come and go before the first mark, so that code and tables are there. */
const WARMING = 100

/** Memory of an idle connection: the growth of a fresh process from a hundred past connections to all devices held. */
export async function* memory(setting: Setting): AsyncGenerator<Line> {
  const { folder, options } = setting
  const { cli, profile } = options
  const count = options.quick ? 200 : 3000
  const sink = setting.own(await startSink())
  const upstreamPort = sink.port
  const starters: Starter[] = [
    {
      name: 'gateway',
      start: () => startGateway(folder, { name: 'gateway-memory', rings: 'scenarios', upstreamPort, cli, profile }),
    },
    { name: 'haproxy', start: () => startHaproxy(folder, upstreamPort) },
    { name: 'mosquitto', start: () => startMosquitto(folder, 'mosquitto-memory') },
  ]
  const results = await inTurns(starters, options.rounds, options.seed, async (starter, round) => {
    const each = await held(setting, starter, count)
    progress(
      `memory round ${round} ${starter.name}: rss ${each.rss.toFixed(1)} anonymous ${each.anonymous.toFixed(1)} KiB`,
    )
    return each
  })
  for (const metric of ['rss', 'pss', 'anonymous'] as const) {
    const kib = (name: string) => results.get(name)!.map(each => each[metric])
    for (const peer of ['mosquitto', 'haproxy']) {
      const subject = { bench: 'connections', case: `${count} idle, upstreams included`, metric, unit: 'KiB' }
      yield beside(subject, kib('gateway'), peer, kib(peer))
    }
  }
}

async function held(setting: Setting, starter: Starter, count: number): Promise<Memory> {
  const { folder, options } = setting
  const settle = options.quick ? 500 : 15_000
  const peer = await starter.start()
  const clients = new Remote<IdleCalls>('idle')
  try {
    await clients.call('connect', { folder, port: peer.port, first: 0, count: WARMING })
    await clients.call('close', undefined as never)
    await sleep(settle)
    const before = memoryOf(peer.pid)
    await clients.call('connect', { folder, port: peer.port, first: 0, count })
    await sleep(settle)
    const after = memoryOf(peer.pid)
    const lost = await clients.call('lost', undefined as never)
    if (lost > 0) throw new Error(`${starter.name} ended ${lost} of ${count} idle connections`)
    const each = (metric: keyof Memory) => (after[metric] - before[metric]) / count
    return { rss: each('rss'), pss: each('pss'), anonymous: each('anonymous') }
  } finally {
    await clients.stop()
    await peer.stop()
  }
}
