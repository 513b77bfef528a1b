import type { Adversary, Samples } from '../../../packages/learn/src/nets/index.ts'
import { Trainer } from '../../../packages/learn/src/nets/trainer.ts'
import { alone, beside, progress } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import { Python } from '../peers/python.ts'
import type { Bench } from './bench.ts'
import { type NetCase, netCases, type Probe, probes } from './learn-nets-cases.ts'

const PEER = 'PyTorch'
const BATCH = 64
const RATE = 1e-3
/** Steps after which both sides must have come equally far. */
const STEPS = 400
/** By what share their losses may differ: a recurrent layer has one bias more there, and sums are added in other orders. */
const TOLERANCE = 0.05
const SECONDS = 1

/** Training steps beside PyTorch's, from the same weights on the same batches; and single samples through trained nets. CPU time, one thread. */
export const learnNets: Bench = async function* ({ options, own }) {
  const seconds = options.quick ? 0.05 : SECONDS
  const python = own(await Python.start(new URL('../peers/learn-nets.py', import.meta.url).pathname, ['python3-torch']))
  for (const each of netCases(BATCH)) {
    const name = `nets: train ${each.name}`
    if (options.only !== undefined && !name.includes(options.only)) continue
    const way = await python.ask(peerRequest(each, seconds))
    progress(`${name}: ${PEER}'s quickest way is ${JSON.stringify(way)}`)
    const trainer = trainerOf(each)
    const { kind } = each
    const reached = train(trainer, STEPS)
    const { loss } = await python.ask<{ loss: number }>({ kind, do: 'train', steps: STEPS })
    if (Math.abs(reached - loss) > TOLERANCE * loss)
      throw new Error(`${name}: the loss after ${STEPS} steps is ${reached}, and ${PEER}'s is ${loss}`)
    yield beside({ bench: 'learn', case: name, metric: `loss after ${STEPS} steps`, unit: '' }, [reached], PEER, [loss])
    const contenders = [
      { name: 'ringwall', time: async () => timeSteps(trainer, seconds) },
      {
        name: PEER,
        time: async () => (await python.ask<{ microseconds: number }>({ kind, do: 'time', seconds })).microseconds,
      },
    ]
    const results = await inTurns(contenders, options.rounds, options.seed, async ({ time }) => 1e6 / (await time()))
    const subject = { bench: 'learn', case: name, metric: 'training steps', unit: 'a CPU second' }
    yield beside(subject, results.get('ringwall')!, PEER, results.get(PEER)!)
  }
  for (const probe of probes()) {
    const name = `nets: ${probe.name}`
    if (options.only !== undefined && !name.includes(options.only)) continue
    const results = await inTurns([probe], options.rounds, options.seed, async each => timeProbe(each, seconds / 4))
    yield alone({ bench: 'learn', case: name, metric: 'CPU time', unit: 'us' }, results.get(probe.name)!)
  }
}

/** A net in training, one step at a time. */
export function trainerOf({ model, samples, targets }: NetCase, adversary?: Adversary): Trainer {
  const count = samples.starts.length
  return new Trainer(
    model.network,
    model.goal,
    model.block,
    { samples, targets, judged: count, learned: count },
    {
      batch: BATCH,
      optimizer: { kind: 'adam', rate: RATE },
      regularization: { l1: 0, l2: 0, decoupled: false },
      clip: Number.POSITIVE_INFINITY,
      seed: 1,
      shuffle: false,
      portable: false,
      ...(adversary === undefined ? {} : { adversary }),
    },
  )
}

/** The mean loss over the last round of all batches. */
export function train(trainer: Trainer, steps: number): number {
  const tail: number[] = []
  for (let step = 0; step < steps; step++) {
    const loss = trainer.learn(step % trainer.steps, 1)
    if (step >= steps - trainer.steps) tail.push(loss)
  }
  return tail.reduce((sum, loss) => sum + loss, 0) / tail.length
}

/** Microseconds of CPU a step: all threads of this process, and what putting a batch together costs as well. */
export function timeSteps(trainer: Trainer, seconds: number): number {
  return timed(seconds, 8, step => trainer.learn(step % trainer.steps, 1))
}

function timeProbe({ run }: Probe, seconds: number): number {
  return timed(seconds, 64, run)
}

function timed(seconds: number, slice: number, run: (n: number) => void): number {
  const began = process.cpuUsage()
  for (let n = 0; ; n += slice) {
    for (let i = 0; i < slice; i++) run(n + i)
    const { user, system } = process.cpuUsage(began)
    if (user + system >= seconds * 1e6) return (user + system) / (n + slice)
  }
}

/** What a peer needs for the same training. */
export function peerRequest(each: NetCase, seconds: number): object {
  const { kind, model, samples, targets, shape } = each
  const batches = Array.from({ length: samples.starts.length / BATCH }, (_, i) => i * BATCH)
  return {
    kind,
    do: 'load',
    seconds: seconds / 2,
    rate: RATE,
    shape: [BATCH, ...shape],
    tensors: model.weights.map(({ name, shape: sizes, data }) => ({ name, shape: sizes, data: Array.from(data) })),
    inputs: batches.map(from => numbers(samples, from)),
    targets: batches.map(from =>
      targets instanceof Int32Array
        ? Array.from(targets.subarray(from, from + BATCH))
        : targets === null
          ? []
          : numbers(targets, from),
    ),
  }
}

function numbers({ data, starts, steps, columns }: Samples, from: number): number[] {
  const size = steps * columns
  return Array.from(starts.subarray(from, from + BATCH)).flatMap(start =>
    Array.from(data.subarray(start, start + size)),
  )
}
