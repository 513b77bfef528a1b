import { LearnError } from '../base/error.ts'
import type { Engine, Program } from './engine.ts'
import type { Feed } from './feed.ts'
import { padded } from './kernels.ts'
import type { Address } from './net-kernels.ts'
import type { Layout } from './network.ts'
import { INPUT_GRADIENT } from './tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT
/** Of an address. */
const ALIGNMENT = 16

/**
 * An attacker in training (Goodfellow and others, ICLR 2015; Madry and others, ICLR 2018): samples are moved up the loss, within reach, before they are learned. One step of the whole reach is FGSM, several
 * smaller ones are PGD.
 */
export interface Adversary {
  /** By how much each number of a row can be moved, up and down; 0: not at all. */
  readonly reach: ArrayLike<number>
  /** Between which ends, where the sample itself lies between them; anything if absent. */
  readonly least?: ArrayLike<number>
  readonly most?: ArrayLike<number>
  /** 7. */
  readonly steps?: number
  /** Of the reach, one step; 2.5 over the steps, at most 1. */
  readonly rate?: number
  /** Whether each attack begins somewhere within reach; true where there are several steps. */
  readonly randomStart?: boolean
  /** The share of batches that is attacked, evenly among all; 1. */
  readonly share?: number
}

/** Refuses what is no attacker of rows of so many columns. Error: `option_wrong`. */
export function checkAdversary(
  { reach, least, most, steps = 1, rate = 1, share = 1 }: Adversary,
  columns: number,
): void {
  const wrong = (what: string): LearnError => new LearnError('option_wrong', `an adversary's ${what}`)
  for (const [name, list] of Object.entries({ reach, least, most })) {
    if (list !== undefined && list.length !== columns)
      throw wrong(`${name} has ${list.length} numbers for ${columns} columns`)
    if (list !== undefined && Array.from(list).some(Number.isNaN)) throw wrong(`${name} holds NaN`)
  }
  if (!Array.from(reach).every(far => far >= 0 && far < Number.POSITIVE_INFINITY)) throw wrong('reach is 0 or more')
  if (!Number.isInteger(steps) || steps < 1) throw wrong(`steps are a whole number from 1, not ${steps}`)
  if (!(rate > 0 && rate <= 1)) throw wrong(`rate is a share of the reach, not ${rate}`)
  if (!(share > 0 && share <= 1)) throw wrong(`share of batches is above 0 and at most 1, not ${share}`)
}

/** Bytes that an attack takes beside its program. */
export function attackBytes({ steps, columns }: Layout, batch: number): number {
  const width = padded(columns)
  return (3 * batch * steps * width + 4 * width) * FLOAT + 7 * ALIGNMENT
}

/** Attacks batches of a training, in its memory. */
export class Attack {
  readonly #engine: Engine
  readonly #adversary: Adversary
  readonly #steps: number
  readonly #scatters: boolean
  readonly #width: number
  /** Of one row: by how much a number moves in all, in a step, and its ends. */
  readonly #reach: Address
  readonly #step: Address
  readonly #least: Address
  readonly #most: Address
  /** Of a batch: between what each number can be moved, and what became of it. */
  readonly #low: Address
  readonly #high: Address
  readonly #made: Address
  #asked = 0

  constructor(engine: Engine, { steps, columns }: Layout, batch: number, adversary: Adversary) {
    const { arena } = engine
    const width = padded(columns)
    const row = (values: ArrayLike<number> | undefined, absent: number): Address => {
      const all = new Float32Array(width)
      for (let c = 0; c < columns; c++) all[c] = values?.[c] ?? absent
      return arena.put(all)
    }
    this.#engine = engine
    this.#adversary = adversary
    this.#steps = adversary.steps ?? 7
    this.#scatters = adversary.randomStart ?? this.#steps > 1
    this.#width = width
    const rate = adversary.rate ?? Math.min(1, 2.5 / this.#steps)
    this.#reach = row(adversary.reach, 0)
    this.#step = row(
      Array.from(adversary.reach, far => far * rate),
      0,
    )
    this.#least = row(adversary.least, Number.NEGATIVE_INFINITY)
    this.#most = row(adversary.most, Number.POSITIVE_INFINITY)
    const [low, high, made] = [0, 1, 2].map(() => arena.alloc(batch * steps * width * FLOAT))
    this.#low = low
    this.#high = high
    this.#made = made
  }

  /** Puts a batch where a program reads it, attacked where it is its turn. */
  load(feed: Feed, program: Program, from: number): void {
    const { share = 1 } = this.#adversary
    const before = Math.floor(this.#asked * share)
    if (Math.floor(++this.#asked * share) === before) return feed.load(program, from)
    const attack = this.#programFor(program.batch)
    feed.load(attack, from)
    this.#climb(attack)
    const count = attack.x.rows * attack.x.width
    const { kernels } = this.#engine
    // What the program has beside its input lies where the attack's was.
    kernels.pass(count, attack.x.at, this.#made, 0)
    feed.load(program, from)
    kernels.pass(count, this.#made, program.x.at, 0)
  }

  #climb({ tape, x }: Program): void {
    const { kernels, draws } = this.#engine
    const [low, high, width] = [this.#low, this.#high, this.#width]
    kernels.bound(x.rows, width, x.at, this.#reach, this.#least, this.#most, low, high)
    if (this.#scatters) kernels.scatter(x.rows * width, x.at, low, high, draws)
    for (let step = 0; step < this.#steps; step++) {
      tape.forward()
      tape.back()
      tape.still = true
      kernels.climb(x.rows, width, x.at, x.gradient, this.#step, low, high)
    }
    tape.still = false
  }

  #programFor(batch: number): Program {
    const found = this.#engine.programs.find(each => each.batch === batch && each.tape.mode === INPUT_GRADIENT)
    if (found === undefined) throw new LearnError('net_batch', `there is no attack on a batch of ${batch}`)
    return found
  }
}
