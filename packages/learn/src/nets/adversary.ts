import { LearnError } from '../base/error.ts'
import type { Engine, Program } from './engine.ts'
import type { Feed } from './feed.ts'
import { padded } from './kernels.ts'
import type { Address } from './net-kernels.ts'
import type { Layout } from './network.ts'
import { INPUT_GRADIENT } from './tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

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
  return (2 * batch * steps * width + 3 * width) * FLOAT + 5 * 16
}

/** Attacks batches of a training, in its memory. */
export class Attack {
  readonly #engine: Engine
  readonly #adversary: Adversary
  readonly #steps: number
  readonly #rate: number
  readonly #scatters: boolean
  readonly #width: number
  /** Where samples were, and what became of them. */
  readonly #was: Address
  readonly #made: Address
  readonly #reach: Address
  readonly #least: Address
  readonly #most: Address
  #asked = 0

  constructor(engine: Engine, { steps, columns }: Layout, batch: number, adversary: Adversary) {
    const { arena } = engine
    const row = (values: ArrayLike<number> | undefined, absent: number): Address => {
      const all = new Float32Array(padded(columns))
      for (let c = 0; c < columns; c++) all[c] = values?.[c] ?? absent
      return arena.put(all)
    }
    this.#engine = engine
    this.#adversary = adversary
    this.#steps = adversary.steps ?? 7
    this.#rate = adversary.rate ?? Math.min(1, 2.5 / this.#steps)
    this.#scatters = adversary.randomStart ?? this.#steps > 1
    this.#width = padded(columns)
    this.#was = arena.alloc(batch * steps * this.#width * FLOAT)
    this.#made = arena.alloc(batch * steps * this.#width * FLOAT)
    this.#reach = row(adversary.reach, 0)
    this.#least = row(adversary.least, Number.NEGATIVE_INFINITY)
    this.#most = row(adversary.most, Number.POSITIVE_INFINITY)
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
    const [was, reach, least, most, width] = [this.#was, this.#reach, this.#least, this.#most, this.#width]
    kernels.pass(x.rows * x.width, x.at, was, 0)
    if (this.#scatters) kernels.scatter(x.rows, width, x.at, was, reach, least, most, draws)
    for (let step = 0; step < this.#steps; step++) {
      tape.forward()
      tape.back()
      kernels.climb(x.rows, width, this.#rate, x.at, was, x.gradient, reach, least, most)
    }
  }

  #programFor(batch: number): Program {
    const found = this.#engine.programs.find(each => each.batch === batch && each.tape.mode === INPUT_GRADIENT)
    if (found === undefined) throw new LearnError('net_batch', `there is no attack on a batch of ${batch}`)
    return found
  }
}
