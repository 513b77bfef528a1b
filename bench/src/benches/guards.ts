import { issueAll } from '../base/certificates.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import { median } from '../base/stats.ts'
import { type GatewaySetup, SEAL_SECRET, startGateway } from '../peers/gateway.ts'
import { startMosquitto } from '../peers/mosquitto.ts'
import { followBroker, startSink } from '../peers/tally.ts'
import type { Bench, Setting } from './bench.ts'
import { invariant } from './invariant.ts'
import { judging, rules } from './judging.ts'
import { CASES, saturate, type Turn, type Way, way } from './saturate.ts'
import { validator } from './validator.ts'

/**
 * What judging costs: all guards under load, and once more with seals required, beside mosquitto (mutual TLS and ACL), which forwards the same messages; each guard alone in this
 * process beside what a message costs mosquitto in the same run, the byte validator beside JSON.parse with ajv, and one law.
 */
export const guards: Bench = async function* (setting) {
  const cost = new Map<string, number[]>()
  const cases = CASES.filter(({ qos }) => qos === 0)
  for await (const { name, turns } of saturate(setting, await startWays(setting), cases)) {
    const cpu = (of: string): number[] => turns.get(of)!.map(({ cpu }: Turn) => cpu)
    cost.set(name, cpu('mosquitto'))
    const busy = median(turns.get('guards')!.map(turn => turn.busy))
    const line = { bench: 'guards', metric: 'cpu a message', unit: 'us' }
    yield beside(
      { ...line, case: `all guards, ${name}`, note: `busy ${busy.toFixed(2)}` },
      cpu('guards'),
      'mosquitto',
      cpu('mosquitto'),
    )
    // What a sealed message is longer by, it is for both.
    yield beside(
      { ...line, case: `with seals required, ${name}` },
      cpu('seals'),
      'mosquitto with the same messages',
      cpu('mosquitto, sealed'),
    )
    yield beside({ ...line, case: `and scenarios, ${name}` }, cpu('scenarios'), 'mosquitto', cpu('mosquitto'))
    yield beside({ ...line, case: `without the ledger, ${name}` }, cpu('no ledger'), 'mosquitto', cpu('mosquitto'))
    yield beside({ ...line, case: `without rules, ${name}` }, cpu('no rules'), 'mosquitto', cpu('mosquitto'))
    yield beside({ ...line, case: `forward, ${name}` }, cpu('forward'), 'mosquitto', cpu('mosquitto'))
  }
  yield* alonePerGuard(setting, cost)
  yield manyRules(setting)
  yield* validator(setting)
  yield* invariant(setting)
}

async function* alonePerGuard({ options }: Setting, cost: ReadonlyMap<string, number[]>): AsyncGenerator<Line> {
  const found = judging(options.quick ? 20_000 : 400_000, options.rounds)
  progress('each guard alone: done')
  for (const [guard, microseconds] of found) {
    const line = { bench: 'guards', case: `guard ${guard}`, metric: 'time an act', unit: 'us' }
    const peer = cost.get('B16 QoS 0')
    yield peer === undefined ? alone(line, microseconds) : beside(line, microseconds, 'mosquitto B16', peer)
  }
}

/** A thousand rules beside ten: what the number of rules costs. */
function manyRules({ options }: Setting): Line {
  const acts = options.quick ? 20_000 : 400_000
  const line = { bench: 'guards', case: '1,000 rules', metric: 'time an act', unit: 'us' }
  return beside(line, rules(1_000, acts, options.rounds), '10 rules', rules(10, acts, options.rounds))
}

async function startWays(setting: Setting): Promise<Way[]> {
  const { folder, options } = setting
  const { cli, profile } = options
  issueAll(folder, 64)
  const sink = setting.own(await startSink())
  const mosquitto = setting.own(await startMosquitto(folder))
  const direct = setting.own(await followBroker(mosquitto.plainPort))
  const gateway = async (name: string, rings: GatewaySetup['rings']) =>
    setting.own(await startGateway(folder, { name, rings, upstreamPort: sink.port, cli, profile }))
  return [
    way('forward', await gateway('forward', 'forward'), sink),
    way('guards', await gateway('guards', 'rules'), sink),
    { ...way('seals', await gateway('seals', 'seals'), sink), secret: SEAL_SECRET },
    way('scenarios', await gateway('scenarios', 'scenarios'), sink),
    way(
      'no ledger',
      setting.own(
        await startGateway(folder, {
          name: 'no-ledger',
          rings: 'rules',
          ledger: 'off',
          upstreamPort: sink.port,
          cli,
          profile,
        }),
      ),
      sink,
    ),
    way('no rules', await gateway('no-rules', 'guards'), sink),
    way('mosquitto', mosquitto, direct),
    { ...way('mosquitto, sealed', mosquitto, direct), secret: SEAL_SECRET },
  ]
}
