import { setTimeout as sleep } from 'node:timers/promises'
import { issueAll } from '../base/certificates.ts'
import { memoryOf } from '../base/proc.ts'
import { Remote } from '../base/remote.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import { median } from '../base/stats.ts'
import { type Contender, inTurns } from '../base/turns.ts'
import type { AttackCalls, Siege } from '../load/attack.ts'
import type { Fared, HonestCalls } from '../load/honest.ts'
import { type Limits, startGateway } from '../peers/gateway.ts'
import type { Peer } from '../peers/peer.ts'
import { startSink } from '../peers/tally.ts'
import type { Bench, Setting } from './bench.ts'

/** The honest devices and their messages a second. */
const HONEST = { count: 50, rate: 10 }
/** The attackers: half-open handshakes, devices that hold their CONNECT back, messages a second of one that floods. */
const HOSTILE = { halfOpen: 2000, held: 500, flood: 20_000 }
/** MiB by which the attacked gateway may grow over all blocks. */
const GROWTH_BOUND = 128

/** Limits as a plant would set them, not as a bench would. */
const LIMITS: Limits = {
  admission:
    '{ connections: 5000, devices: 5000, handshakes: 256, connectRate: 200/s, connectBurst: 400, addressRate: 50/s, addressBurst: 100 }',
  rate: '{ messages: 200/s, burst: 400 }',
}

interface Arm extends Contender {
  readonly target: Peer
}

interface Block {
  readonly fared: Fared
  readonly siege: Siege
  /** Resident KiB of the gateway that serves the honest devices. */
  readonly rss: number
}

/**
 * Honest devices' time to PUBACK while attackers besiege their gateway, beside the same attackers at a second, idle
 * gateway: the machine is as busy in both, so the ratio is what the gateway lets the attackers do to the others.
 */
export const hostile: Bench = async function* (setting: Setting) {
  const { folder, options } = setting
  issueAll(folder, HONEST.count + 1 + HOSTILE.held)
  const sink = setting.own(await startSink())
  const gateway = async (name: string) =>
    setting.own(
      await startGateway(folder, {
        name,
        rings: 'guards',
        upstreamPort: sink.port,
        limits: LIMITS,
        cli: options.cli,
        profile: options.profile,
      }),
    )
  const served = await gateway('served')
  const idle = await gateway('idle')
  const honest = setting.own(new Remote<HonestCalls>('honest'))
  const attackers = setting.own(new Remote<AttackCalls>('attack'))
  await honest.call('connect', { folder, port: served.port, first: 0, count: HONEST.count })
  const before = memoryOf(served.pid).rss
  const arms: Arm[] = [
    { name: 'attacked', target: served },
    { name: 'control', target: idle },
  ]
  const results = await inTurns(arms, options.rounds, options.seed, async (arm, round) => {
    const party = { folder, port: arm.target.port, first: HONEST.count, count: 1 + HOSTILE.held }
    await attackers.call('start', { ...party, halfOpen: HOSTILE.halfOpen, flood: HOSTILE.flood })
    await sleep(options.quick ? 4000 : 6000)
    const siege = await attackers.call('siege', undefined as never)
    const fared = await honest.call('run', { rate: HONEST.rate, seconds: options.quick ? 1 : 6 })
    const { rss } = memoryOf(served.pid)
    await attackers.call('stop', undefined as never)
    served.check()
    idle.check()
    progress(
      `hostile block ${round} ${arm.name}: p50 ${fared.p50.toFixed(2)} p99 ${fared.p99.toFixed(2)} ms, lost ${fared.lost}, unanswered ${fared.unanswered}, ${JSON.stringify(siege)}`,
    )
    await sleep(1000)
    return { fared, siege, rss }
  })
  yield* linesOf(results.get('attacked')!, results.get('control')!, before)
}

function* linesOf(attacked: readonly Block[], control: readonly Block[], before: number): Generator<Line> {
  const what = `${HONEST.count} honest devices, QoS 1 to PUBACK`
  const line = (metric: string, unit: string, note?: string) => ({
    bench: 'hostile',
    case: what,
    metric,
    unit,
    ...(note === undefined ? {} : { note }),
  })
  const peer = 'attackers at another gateway'
  for (const metric of ['p99', 'p50'] as const) {
    const times = (blocks: readonly Block[]) => blocks.map(({ fared }) => fared[metric])
    yield beside(line(metric, 'ms'), times(attacked), peer, times(control))
  }
  yield alone(
    line('disconnected', 'devices'),
    attacked.map(({ fared }) => fared.lost),
  )
  yield alone(
    line('unanswered', 'messages'),
    attacked.map(({ fared }) => fared.unanswered),
  )
  const grown = attacked.map(({ rss }) => (rss - before) / 1024)
  yield alone(line('memory grown since before the attacks', 'MiB', `bound ${GROWTH_BOUND}`), grown)
  const stood = (of: keyof Siege) => median(attacked.map(({ siege }) => siege[of]))
  const note = `of ${HOSTILE.halfOpen} tried; held CONNECTs ${stood('held')} of ${HOSTILE.held}, attempts ${stood('attempts')}, flooded ${stood('flooded')}`
  yield alone(
    line('half-open when a block begins', 'sockets', note),
    attacked.map(({ siege }) => siege.halfOpen),
  )
}
