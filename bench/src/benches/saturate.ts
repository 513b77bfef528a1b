import { setTimeout as sleep } from 'node:timers/promises'
import { cpuOf } from '../base/proc.ts'
import { Remote } from '../base/remote.ts'
import { progress } from '../base/report.ts'
import { type Contender, inTurns } from '../base/turns.ts'
import type { SaturateCalls } from '../load/saturate.ts'
import type { Peer } from '../peers/peer.ts'
import type { Tally } from '../peers/tally.ts'
import type { Setting } from './bench.ts'

/** A way that messages can take, and the processes whose CPU is on its account. */
export interface Way extends Contender {
  readonly peer: Peer
  readonly pids: readonly number[]
  readonly tally: Tally
  /** The secret of the site in hex, where its messages are sealed. */
  readonly secret?: string
}

export function way(name: string, peer: Peer, tally: Tally, ...others: number[]): Way {
  return { name, peer, tally, pids: [peer.pid, ...others] }
}

export interface Turn {
  /** CPU microseconds a message. */
  readonly cpu: number
  /** CPU seconds a second until the last message was counted; mosquitto tells its count up to a second late. */
  readonly busy: number
}

export interface Case {
  readonly name: string
  readonly batch: number
  readonly qos: 0 | 1
  /** Messages of each connection. */
  readonly messages: number
}

const CONNECTIONS = 8

export const CASES: readonly Case[] = [
  { name: 'B1 QoS 0', batch: 1, qos: 0, messages: 64_000 },
  { name: 'B16 QoS 0', batch: 16, qos: 0, messages: 64_000 },
  { name: 'B1 QoS 1', batch: 1, qos: 1, messages: 12_288 },
  { name: 'B16 QoS 1', batch: 16, qos: 1, messages: 24_576 },
]

/** Sends each case over all ways in turns, as fast as they read; every message is counted where it arrives. */
export async function* saturate(
  setting: Setting,
  ways: readonly Way[],
  cases: readonly Case[],
): AsyncGenerator<{ readonly name: string; readonly turns: Map<string, Turn[]> }> {
  const { options } = setting
  const load = setting.own(new Remote<SaturateCalls>('saturate'))
  const sent = new Map<Tally, number>()
  for (const way of ways) sent.set(way.tally, await way.tally.received())
  for (const one of cases) {
    const messages = options.quick ? 3200 : one.messages
    const turns = await inTurns(ways, options.rounds, options.seed, async (way, round) => {
      const turn = await takeTurn(way, { ...one, messages }, setting.folder, load, sent)
      progress(
        `saturated ${one.name} round ${round} ${way.name}: ${turn.cpu.toFixed(2)} us, busy ${turn.busy.toFixed(2)}`,
      )
      return turn
    })
    yield { name: one.name, turns }
  }
}

async function takeTurn(
  way: Way,
  one: Case,
  folder: string,
  load: Remote<SaturateCalls>,
  sent: Map<Tally, number>,
): Promise<Turn> {
  const { messages, batch, qos } = one
  await load.call('prepare', {
    folder,
    port: way.peer.port,
    first: 0,
    count: CONNECTIONS,
    messages,
    batch,
    qos,
    secret: way.secret,
  })
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
