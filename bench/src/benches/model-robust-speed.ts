import { beside, progress } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import { Python } from '../peers/python.ts'
import type { Bench } from './bench.ts'
import { peerRequest, timeSteps, train, trainerOf } from './learn-nets.ts'
import { netCases } from './learn-nets-cases.ts'

const PEER = 'PyTorch'
const BATCH = 64
/** Of the attack, on features of deviation 1. */
const REACH = 0.1
const ATTACK_STEPS = 7
const STEPS = 400
const TOLERANCE = 0.05
const SECONDS = 1

/** Adversarial training by PGD of seven steps from a drawn start, beside PyTorch's: the same net, weights, batches and attack. CPU time, one thread. */
export const modelRobustSpeed: Bench = async function* ({ options, own }) {
  const name = 'robust: PGD-7 training, MLP 20-64-32-2'
  const seconds = options.quick ? 0.05 : SECONDS
  const script = new URL('../peers/model-robust.py', import.meta.url).pathname
  const python = own(await Python.start(script, ['python3-torch']))
  const each = netCases(BATCH).find(({ kind }) => kind === 'mlp')!
  const way = await python.ask({ ...peerRequest(each, seconds), steps: ATTACK_STEPS, reach: REACH })
  progress(`${name}: ${PEER}'s quickest way is ${JSON.stringify(way)}`)
  const adversary = { reach: new Float32Array(20).fill(REACH), steps: ATTACK_STEPS }
  const trainer = trainerOf(each, adversary)
  const reached = train(trainer, STEPS)
  const { loss } = await python.ask<{ loss: number }>({ do: 'train', steps: STEPS })
  if (Math.abs(reached - loss) > TOLERANCE * loss)
    throw new Error(`${name}: the loss after ${STEPS} steps is ${reached}, and ${PEER}'s is ${loss}`)
  yield beside({ bench: 'model', case: name, metric: `loss after ${STEPS} steps`, unit: '' }, [reached], PEER, [loss])
  const contenders = [
    { name: 'ringwall', time: async () => timeSteps(trainer, seconds) },
    {
      name: PEER,
      time: async () => (await python.ask<{ microseconds: number }>({ do: 'time', seconds })).microseconds,
    },
  ]
  const results = await inTurns(contenders, options.rounds, options.seed, async ({ time }) => 1e6 / (await time()))
  const subject = { bench: 'model', case: name, metric: 'training steps', unit: 'a CPU second' }
  yield beside(subject, results.get('ringwall')!, PEER, results.get(PEER)!)
}
