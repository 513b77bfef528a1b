import { LearnError } from '../base/error.ts'
import { type Adversary, checkAdversary } from './adversary.ts'
import type { Goal } from './engine.ts'
import type { Network } from './network.ts'
import type { OptimizerOptions } from './optimizer.ts'
import type { Samples } from './samples.ts'
import { checkSchedule, rateAt, type Schedule } from './schedule.ts'
import { split } from './split.ts'
import { type ParameterTerm, Trainer } from './trainer.ts'

/** What can be trained. */
export interface Trainable {
  readonly network: Network
  readonly goal: Goal
  /** Its parameters; another block in the end. */
  block: Float32Array
  /** Refuses what it cannot be trained on. */
  checkTargets(samples: Samples, targets: Samples | Int32Array | null): void
}

/** How a net is trained. What is absent is as the defaults below say. */
export interface FitOptions {
  readonly epochs?: number
  readonly batch?: number
  readonly optimizer?: OptimizerOptions
  readonly schedule?: Schedule
  /** L1 on weights, in the proximal form: weights that are not needed become zero. */
  readonly l1?: number
  /** L2 on weights. */
  readonly l2?: number
  /** L2 taken from weights rather than added to gradients (AdamW). */
  readonly decoupled?: boolean
  /** The largest norm of the gradients together. */
  readonly clip?: number
  /** The share of the samples, the last ones, that is judged and not learned from. */
  readonly validation?: number
  /** Epochs without a better loss (validation's, if there is one) after which training ends. */
  readonly patience?: number
  /** By how much less a loss is a better one. */
  readonly least?: number
  readonly seed?: number
  readonly shuffle?: boolean
  /** Reckons to the same bits on every machine, a third slower (a Transformer by half); if not, only on all whose processors multiply and add in one (`FUSED`). */
  readonly portable?: boolean
  /** Who moves samples before they are learned; those of the validation share stay as they are. */
  readonly adversary?: Adversary
  /** A regularizer of one's own: it belongs to the loss that is learned and reported, and not to the validation's. */
  readonly term?: ParameterTerm
  /** Told after each epoch. */
  readonly onEpoch?: (epoch: EpochReport) => void
  /** Ends training, with an error, at the next batch; the net stays as it was. */
  readonly signal?: AbortSignal
}

/** How training goes. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number
  readonly epochs: number
  /** The mean over the epoch's batches. */
  readonly loss: number
  /** null without a validation share. */
  readonly validationLoss: number | null
  /** Until the last epoch, at the speed so far. */
  readonly secondsLeft: number
}

/** How training went. */
export interface FitReport {
  readonly history: readonly EpochReport[]
  /** The epoch whose weights the net has now. */
  readonly best: number
  /** Whether patience ended it before the last epoch. */
  readonly stopped: boolean
}

/** Milliseconds after which a browser's page, a progress bar and a signal get their turn. */
const TURN = 40

/**
 * Trains a net: batches in an order drawn by the seed, a validation share that lies behind all else in time, the best epoch's weights in the end. The same seed and
 * data give the same bits; see `portable`.
 * Errors: `option_wrong`, `samples_empty`, `samples_shape`, `samples_not_finite`, `labels_wrong`, `fit_diverged`, `fit_aborted`.
 */
export async function fit(
  model: Trainable,
  samples: Samples,
  targets: Samples | Int32Array | null,
  options: FitOptions = {},
): Promise<FitReport> {
  const { epochs = 100, batch = 64, patience = Number.POSITIVE_INFINITY, least = 0, seed = 1, signal } = options
  const { schedule = { kind: 'constant' } } = options
  whole('epochs', epochs)
  whole('batch', batch)
  if (!(patience >= 1)) throw new LearnError('option_wrong', `patience is 1 epoch or more, not ${patience}`)
  if (!(least >= 0 && least < Number.POSITIVE_INFINITY))
    throw new LearnError('option_wrong', `least is 0 or more, not ${least}`)
  checkSchedule(schedule)
  if (options.adversary !== undefined) checkAdversary(options.adversary, model.network.input.columns)
  model.checkTargets(samples, targets)
  const data = split(samples, targets, options.validation ?? 0)
  const trainer = new Trainer(model.network, model.goal, model.block, data, {
    batch,
    optimizer: options.optimizer ?? { kind: 'adam', rate: 1e-3 },
    regularization: { l1: options.l1 ?? 0, l2: options.l2 ?? 0, decoupled: options.decoupled ?? false },
    clip: options.clip ?? Number.POSITIVE_INFINITY,
    seed,
    shuffle: options.shuffle ?? true,
    portable: options.portable ?? false,
    ...(options.adversary === undefined ? {} : { adversary: options.adversary }),
    term: options.term,
  })
  const judges = data.judged < samples.starts.length
  const total = epochs * trainer.steps
  const began = performance.now()
  const history: EpochReport[] = []
  let best = { epoch: 0, loss: Number.POSITIVE_INFINITY, block: model.block }
  let turned = began
  for (let epoch = 1; epoch <= epochs; epoch++) {
    trainer.shuffle()
    let sum = 0
    for (let step = 0; step < trainer.steps; step++) {
      if (performance.now() - turned > TURN) {
        await new Promise(resolve => setTimeout(resolve, 0))
        turned = performance.now()
      }
      if (signal?.aborted) throw new LearnError('fit_aborted', `training was ended in epoch ${epoch}`)
      sum += trainer.learn(step, rateAt(schedule, history.length * trainer.steps + step, total)) * trainer.countOf(step)
    }
    const loss = sum / data.learned
    const validationLoss = judges ? trainer.judge() : null
    const judged = validationLoss ?? loss
    if (!Number.isFinite(judged))
      throw new LearnError(
        'fit_diverged',
        `the loss of epoch ${epoch} is ${judged}: a smaller rate or clipping may help`,
      )
    const secondsLeft = ((performance.now() - began) / 1_000 / epoch) * (epochs - epoch)
    history.push({ epoch, epochs, loss, validationLoss, secondsLeft })
    options.onEpoch?.(history[epoch - 1])
    if (judged < best.loss - least) best = { epoch, loss: judged, block: trainer.engine.block.slice() }
    else if (epoch - best.epoch >= patience) break
  }
  model.block = best.block
  return { history, best: best.epoch, stopped: history.length < epochs }
}

function whole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new LearnError('option_wrong', `${name} is a whole number from 1, not ${value}`)
}
