import { beside, type Line } from '../base/report.ts'
import { median } from '../base/stats.ts'
import { startGateway } from '../peers/gateway.ts'
import { startHaproxy } from '../peers/haproxy.ts'
import { startMosquitto } from '../peers/mosquitto.ts'
import { followBroker, startSink } from '../peers/tally.ts'
import type { Setting } from './bench.ts'
import { CASES, saturate, type Turn, type Way, way } from './saturate.ts'

/** CPU a message where the generator sends as fast as it is read and every message is counted at the broker. */
export async function* saturated(setting: Setting): AsyncGenerator<Line> {
  const { only } = setting.options
  const cases = CASES.filter(({ name }) => only === undefined || only === 'saturated' || name.includes(only))
  for await (const { name, turns } of saturate(setting, await startWays(setting), cases)) yield* linesOf(name, turns)
}

async function startWays(setting: Setting): Promise<Way[]> {
  const { folder, options } = setting
  const { cli, profile } = options
  const sink = setting.own(await startSink())
  const mosquitto = setting.own(await startMosquitto(folder))
  const behind = setting.own(await startMosquitto(folder, 'broker'))
  const direct = setting.own(await followBroker(mosquitto.plainPort))
  const counted = setting.own(await followBroker(behind.plainPort))
  const gateway = async (name: string, rings: 'forward' | 'scenarios', upstreamPort: number) =>
    setting.own(await startGateway(folder, { name, rings, upstreamPort, cli, profile }))
  const forward = await gateway('forward', 'forward', sink.port)
  const guards = await gateway('guards', 'scenarios', sink.port)
  const withBroker = await gateway('forward-broker', 'forward', behind.plainPort)
  const haproxy = setting.own(await startHaproxy(folder, sink.port))
  const haproxyBroker = setting.own(await startHaproxy(folder, behind.plainPort))
  return [
    way('forward', forward, sink),
    way('guards', guards, sink),
    way('haproxy', haproxy, sink),
    way('mosquitto', mosquitto, direct),
    way('gateway and broker', withBroker, counted, behind.pid),
    way('haproxy and broker', haproxyBroker, counted, behind.pid),
  ]
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
