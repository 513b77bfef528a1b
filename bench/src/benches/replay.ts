import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beside, type Line, progress } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import { makeCapture } from '../load/capture.ts'
import type { Bench } from './bench.ts'

const FLOWS = 300
const PUBLISHES = 200_000
const PEER = 'tshark'
const ROOT = new URL('../../../', import.meta.url).pathname
/** The largest capture of MQTTset's training half, where it lies beside the project. */
const MQTTSET = join(ROOT, '../shared/data/mqttset/benign-5mb-train.pcap')

interface Contender {
  readonly name: string
  readonly command: readonly string[]
}

/**
 * MQTT packets that `ringwall replay` judges in a CPU-second, by the floor and the signatures that come with it, beside tshark
 * doing the least that makes it dissect MQTT: a filter, one field, no name resolution. Whole processes with their start, user
 * and system time of all threads. `scenarios` judges by the scenarios as well.
 */
export const replay: Bench = async function* ({ options, folder }) {
  const made = join(folder, 'fleet.pcap')
  const { bytes, messages } = makeCapture(options.quick ? 10 : FLOWS, options.quick ? 2_000 : PUBLISHES)
  writeFileSync(made, bytes)
  const cases = [
    { name: 'made', file: made, scenarios: false },
    { name: 'made, scenarios', file: made, scenarios: true },
    ...(existsSync(MQTTSET) && !options.quick ? [{ name: 'MQTTset benign', file: MQTTSET, scenarios: false }] : []),
  ]
  for (const { name, file, scenarios } of cases) {
    if (options.only !== undefined && !name.includes(options.only)) continue
    const contenders = [ringwall(options.cli, file, scenarios), tshark(file)]
    const counted = packetsOf(contenders[0]!)
    if (file === made && counted !== messages) throw new Error(`${counted} packets were found, ${messages} were made`)
    const results = await inTurns(contenders, options.rounds, options.seed, async each => {
      progress(`${name}: ${each.name}`)
      return counted / cpuSeconds(each)
    })
    const subject = { bench: 'replay', case: name, metric: 'MQTT packets a CPU-second', unit: '1/s' }
    yield beside(subject, results.get('ringwall')!, PEER, results.get(PEER)!) satisfies Line
  }
}

function ringwall(cli: string, file: string, scenarios: boolean): Contender {
  const bin = join(dirname(cli), '../bin/ringwall.mjs')
  const rules = ['--rules', join(ROOT, 'rules'), ...(scenarios ? ['--scenarios', join(ROOT, 'rules/scenarios')] : [])]
  return { name: 'ringwall', command: [process.execPath, bin, 'replay', file, ...rules, '--json'] }
}

function tshark(file: string): Contender {
  return { name: PEER, command: ['tshark', '-n', '-r', file, '-Y', 'mqtt', '-T', 'fields', '-e', 'mqtt.msgtype'] }
}

function packetsOf({ command: [program, ...args] }: Contender): number {
  const { stdout } = spawnSync(program!, args, { encoding: 'utf8' })
  const { messages, broken } = JSON.parse(stdout) as { messages: number; broken: unknown }
  if (broken !== null) throw new Error(`the capture is broken: ${JSON.stringify(broken)}`)
  return messages
}

/** User and system time of a process and all its threads, as the shell that waited for it was told. */
function cpuSeconds({ command }: Contender): number {
  const script = '"$@" >/dev/null 2>&1; code=$?; times; exit $code'
  const { stdout, status } = spawnSync('sh', ['-c', script, 'sh', ...command], { encoding: 'utf8' })
  if (status !== 0 && status !== 1) throw new Error(`${command[0]} ended with status ${status}`)
  const [, children = ''] = stdout.split('\n')
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
  )
  if (times.length !== 2) throw new Error(`the shell does not tell times: ${stdout}`)
  return times[0]! + times[1]!
}
