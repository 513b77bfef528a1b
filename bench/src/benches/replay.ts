import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beside, progress } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import { makeCapture, repeated } from '../load/capture.ts'
import type { Bench } from './bench.ts'

const FLOWS = 300
/** A capture of 120 MB, of which the start of the process is a fifth of the work, and one of 360 MB. */
const PUBLISHES = [500_000, 1_500_000]
/** Copies of a short capture one after the other, so that starting a process is not all that is measured. */
const COPIES = 40
const PEER = 'tshark'
const ROOT = new URL('../../../', import.meta.url).pathname
/** The largest capture of MQTTset's training half, where it lies beside the project. */
const MQTTSET = join(ROOT, '../shared/data/mqttset/benign-5mb-train.pcap')

interface Contender {
  readonly name: string
  readonly command: readonly string[]
}

/**
 * MQTT packets that `ringwall replay` judges in a CPU-second: by the floor alone, by the signatures that come with it, and by the
 * scenarios as well, beside tshark doing the least that makes it dissect MQTT: it counts the packets by a field of theirs and, as
 * `replay` does, writes no line for each. Whole processes with their start, user and system time of all threads.
 */
export const replay: Bench = async function* ({ options, folder }) {
  for (const { name, file, messages } of captures(folder, options.quick)) {
    if (options.only !== undefined && !name.includes(options.only)) continue
    const judges = judgesIn(folder).map(judge => ringwall(options.cli, file, judge))
    const contenders = [...judges, tshark(file)]
    const counted = packetsOf(judges[0]!)
    if (messages !== null && counted !== messages) throw new Error(`${counted} packets found, ${messages} made`)
    const results = await inTurns(contenders, options.rounds, options.seed, async each => {
      progress(`${name}: ${each.name}`)
      return counted / cpuSeconds(each)
    })
    const peer = results.get(PEER)!
    const about = { bench: 'replay', metric: 'MQTT packets a CPU-second', unit: '1/s' }
    for (const judge of judges) {
      yield beside({ ...about, case: `${name}, ${judge.name}` }, results.get(judge.name)!, PEER, peer)
    }
  }
}

/** What a capture is judged by, beside the floor. */
interface Judge {
  readonly name: string
  readonly options: readonly string[]
}

function judgesIn(folder: string): Judge[] {
  // Without any option `replay` takes the pack that comes with it: a file without rules keeps it to flows, packets and the floor.
  const none = join(folder, 'none.rules')
  writeFileSync(none, '# None.\n')
  const rules = ['--rules', join(ROOT, 'rules')]
  return [
    { name: 'reading', options: ['--rules', none] },
    { name: 'signatures', options: rules },
    { name: 'signatures and scenarios', options: [...rules, '--scenarios', join(ROOT, 'rules/scenarios')] },
  ]
}

interface Case {
  readonly name: string
  readonly file: string
  /** MQTT packets in it, where that is known. */
  readonly messages: number | null
}

function captures(folder: string, quick: boolean): Case[] {
  const made = (quick ? [2_000] : PUBLISHES).map(publishes => {
    const file = join(folder, `fleet-${publishes}.pcap`)
    const { bytes, messages } = makeCapture(quick ? 10 : FLOWS, publishes)
    writeFileSync(file, bytes)
    return { name: `made, ${publishes.toLocaleString('en')} messages`, file, messages }
  })
  if (quick || !existsSync(MQTTSET)) return made
  const many = join(folder, 'benign.pcap')
  writeFileSync(many, repeated(readFileSync(MQTTSET), COPIES))
  return [...made, { name: `MQTTset benign, ${COPIES} plants`, file: many, messages: null }]
}

function ringwall(cli: string, file: string, { name, options }: Judge): Contender {
  const bin = join(dirname(cli), '../bin/ringwall.mjs')
  return { name, command: [process.execPath, bin, 'replay', file, ...options, '--json'] }
}

function tshark(file: string): Contender {
  // A line a packet, as `-T fields` writes it, costs it three times as much as the dissecting.
  return { name: PEER, command: ['tshark', '-n', '-r', file, '-q', '-z', 'io,stat,0,mqtt.msgtype'] }
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
