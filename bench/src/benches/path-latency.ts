import { setTimeout as sleep } from 'node:timers/promises'
import { Remote } from '../base/remote.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import { median } from '../base/stats.ts'
import { inTurns } from '../base/turns.ts'
import type { BlockResult, PacedCalls } from '../load/paced.ts'
import { startGateway } from '../peers/gateway.ts'
import { startHaproxy } from '../peers/haproxy.ts'
import { startMosquitto } from '../peers/mosquitto.ts'
import type { Setting } from './bench.ts'
import { PACE } from './path-paced.ts'

/** Blocks of each contender: many short ones, because one slow second of the machine spoils its block. */
const BLOCKS = 16
/** Milliseconds by which haproxy may differ from itself; beyond, the comparison says nothing. */
const TOLERANCE = 3

/** p99 from publish to delivery behind the broker: the gateway, haproxy, and haproxy again as the control. */
export async function* latency(setting: Setting): AsyncGenerator<Line> {
  const { folder, options } = setting
  const { cli, profile } = options
  const broker = setting.own(await startMosquitto(folder, 'broker-latency'))
  const upstreamPort = broker.plainPort
  const load = setting.own(new Remote<PacedCalls>('paced'))
  const peers = {
    forward: setting.own(
      await startGateway(folder, { name: 'forward-latency', rings: 'forward', upstreamPort, cli, profile }),
    ),
    guards: setting.own(
      await startGateway(folder, { name: 'guards-latency', rings: 'scenarios', upstreamPort, cli, profile }),
    ),
    haproxy: setting.own(await startHaproxy(folder, upstreamPort)),
  }
  let first = 0
  for (const [name, peer] of Object.entries(peers)) {
    await load.call('connect', { name, party: { folder, port: peer.port, first, count: PACE.connections } })
    first += PACE.connections
  }
  await load.call('subscribe', { port: upstreamPort })
  const contenders = [
    { name: 'forward', party: 'forward' },
    { name: 'guards', party: 'guards' },
    { name: 'haproxy', party: 'haproxy' },
    { name: 'haproxy again', party: 'haproxy' },
  ]
  const blocks = options.quick ? 2 : BLOCKS
  const results = await inTurns(contenders, blocks, options.seed, async ({ name, party }, round) => {
    const block = await load.call('run', { party, rate: PACE.rate, seconds: 1, awaitDelivery: true })
    if (block.delivered !== block.sent) throw new Error(`${name}: ${block.delivered} of ${block.sent} were delivered`)
    progress(`latency block ${round} ${name}: p50 ${block.p50.toFixed(2)} p99 ${block.p99.toFixed(2)} ms`)
    await sleep(50)
    return block
  })
  yield* linesOf(results)
}

function* linesOf(results: Map<string, BlockResult[]>): Generator<Line> {
  const p99 = (name: string) => results.get(name)!.map(block => block.p99)
  const differs = Math.abs(median(p99('haproxy')) - median(p99('haproxy again')))
  const note = differs > TOLERANCE ? { note: `void: haproxy differs from itself by ${differs.toFixed(1)} ms` } : {}
  const at = `${PACE.rate}/s, QoS 0`
  for (const own of ['forward', 'guards']) {
    yield beside(
      { bench: 'path', case: `${own}, ${at}`, metric: 'p99', unit: 'ms', ...note },
      p99(own),
      'haproxy',
      p99('haproxy'),
    )
    const added = p99(own).map((value, block) => value - p99('haproxy')[block]!)
    yield alone({ bench: 'path', case: `${own}, ${at}`, metric: 'p99 less haproxy p99', unit: 'ms', ...note }, added)
    const p50 = (name: string) => results.get(name)!.map(block => block.p50)
    yield beside(
      { bench: 'path', case: `${own}, ${at}`, metric: 'p50', unit: 'ms', ...note },
      p50(own),
      'haproxy',
      p50('haproxy'),
    )
  }
  const control = { bench: 'path', case: `haproxy again, ${at}`, metric: 'p99', unit: 'ms', ...note }
  yield beside(control, p99('haproxy again'), 'haproxy', p99('haproxy'))
}
