import { type Random, randomOf } from '../../base/random.ts'
import { Arena } from '../../kernels/arena.ts'
import { bindNets, bindTraining } from '../kernels.ts'
import type { NetKernels } from '../net-kernels.ts'
import { ParameterPlan } from '../parameters.ts'
import { Tape, type Value } from '../tape.ts'
import type { Rows } from './linear.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** Where the draws of dropout begin. */
export const DRAWS = [3, 141, 59_265, 358_979_323]

/** Both builds of the kernels. */
export const BUILDS: Readonly<Record<string, (arena: Arena) => NetKernels>> = {
  plain: arena => bindNets(arena.memory),
  fused: arena => bindTraining(arena.memory),
}

/** An operation, and its twin. */
export interface Pair {
  readonly rows: number
  readonly columns: number
  /** Declares parameters; what it gives records the operation. */
  declare(plan: ParameterPlan): (tape: Tape, x: Value) => Value
  /** Whether dropout drops. Its draws begin with `DRAWS`. */
  readonly drops?: boolean
  /** Tensors that are not learned: their gradient is zero. */
  readonly still?: readonly string[]
  /** The same of plain rows; tensors by name, a vector as a single row. */
  twin(x: Rows, tensors: Readonly<Record<string, Rows>>): Rows
}

/** How far an operation is off its twin, at most: in what comes out, and in its gradients against differences of the twin's results. */
export interface Distance {
  readonly output: number
  readonly gradient: number
}

/** Runs an operation forward and back on seeded numbers, and its twin; every gradient, of the input and of each parameter, is measured. */
export function compare(pair: Pair, build: (arena: Arena) => NetKernels, seed = 1): Distance {
  const random = randomOf(seed)
  const plan = new ParameterPlan()
  const record = pair.declare(plan)
  plan.seal()
  const arena = new Arena(4e6)
  const [parameters, gradients] = [arena.zeros(plan.size * FLOAT), arena.zeros(plan.size * FLOAT)]
  const draws = arena.alloc(16)
  arena.i32.set(DRAWS, draws / FLOAT)
  const mode = { learns: true, asksInput: true, drops: pair.drops ?? false, carries: false }
  const tape = new Tape(arena, build(arena), mode, { parameters, gradients, draws })
  // Biases are drawn as well, so that none hides a mistake by being zero.
  const tensors = plan
    .read(plan.start(random))
    .map(tensor => ({ ...tensor, data: tensor.data.map(value => value + 0.3 * random.normal()) }))
  arena.f32.set(plan.write(tensors), parameters / FLOAT)
  const x = tape.input(pair.rows, pair.columns)
  const y = record(tape, x)
  const given = draw(random, pair.rows, pair.columns)
  put(arena, x, x.at, given)
  tape.forward()
  const pull = draw(random, y.rows, y.columns)
  put(arena, y, y.gradient, pull)
  tape.back()

  const named = Object.fromEntries(tensors.map(({ name, shape, data }) => [name, asRows(shape, data)]))
  const expected = pair.twin(given, named)
  const output = distance(take(arena, y, y.at), expected)
  const back = plan.read(arena.floats(gradients, plan.size))
  const slopes = [
    { name: '', found: take(arena, x, x.gradient), numbers: given },
    ...back.map(({ name, shape, data }) => ({ name, found: asRows(shape, data), numbers: named[name] })),
  ].map(({ name, found, numbers }) => {
    const still = pair.still?.includes(name) ?? false
    const slope = differences(numbers, () => pulled(pair.twin(given, named), pull))
    return distance(found, still ? slope.map(row => row.map(() => 0)) : slope)
  })
  return { output, gradient: Math.max(...slopes) }
}

/** The slope of `run` along each of the numbers, which it reads where they stand. */
function differences(numbers: Rows, run: () => number): number[][] {
  const step = 1e-5
  return numbers.map(row =>
    row.map((value, j) => {
      const moved = row as number[]
      moved[j] = value + step
      const above = run()
      moved[j] = value - step
      const below = run()
      moved[j] = value
      return (above - below) / (2 * step)
    }),
  )
}

function pulled(y: Rows, pull: Rows): number {
  return y.reduce((sum, row, i) => sum + row.reduce((part, value, j) => part + value * pull[i][j], 0), 0)
}

/** The largest difference, in parts of the larger of 1 and the number itself. */
export function distance(found: Rows, expected: Rows): number {
  let most = found.length === expected.length ? 0 : Number.POSITIVE_INFINITY
  for (const [i, row] of expected.entries()) {
    for (const [j, value] of row.entries()) {
      const off = Math.abs(found[i][j] - value) / Math.max(1, Math.abs(value))
      most = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(most, off)
    }
  }
  return most
}

/** Numbers of single precision, so that both sides have the same. */
export function draw(random: Random, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.fround(random.normal())))
}

/** Writes rows where a value lies, and nonsense into their padding. */
export function put(arena: Arena, { width }: Value, at: number, rows: Rows, padding = 0): void {
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < width; j++) arena.f32[at / FLOAT + i * width + j] = row[j] ?? padding
  }
}

/** Reads rows from where a value lies. */
export function take(arena: Arena, { rows, columns, width }: Value, at: number): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from(arena.floats(at + i * width * FLOAT, columns)))
}

function asRows(shape: readonly number[], data: Float32Array): number[][] {
  const columns = shape[shape.length - 1]
  return Array.from({ length: data.length / columns }, (_, i) =>
    Array.from(data.subarray(i * columns, (i + 1) * columns)),
  )
}
