import { parentPort, workerData } from 'node:worker_threads'
import type { Finding, Tally } from '../packages/wire/fuzz/target.ts'
import { Notebook } from './notebook.ts'
import { targets } from './targets.ts'

/** What the runner is given. */
export interface Order {
  readonly target: string
  readonly seed: number
  readonly seconds: number
  readonly memory: SharedArrayBuffer
}

/** What the runner tells: now and then its counts, and at its end with `done`. */
export interface News {
  readonly done: boolean
  readonly tally: Tally
  readonly finding: Finding | null
}

const order = workerData as Order
const target = targets.find(one => one.name === order.target)
const notebook = new Notebook(order.memory)
const tally: Tally = { runs: 0, inputs: 0, bytes: 0, frames: 0, faults: new Map() }
const ends = Date.now() + order.seconds * 1000
let tells = Date.now() + 5000
let finding: Finding | null = null
for (let seed = order.seed; finding === null && Date.now() < ends; seed = (seed + 1) | 0) {
  finding = target?.run(seed, tally, input => notebook.begin(seed, input)) ?? null
  if (Date.now() >= tells) {
    tells += 5000
    parentPort?.postMessage({ done: false, tally, finding } satisfies News)
  }
}
parentPort?.postMessage({ done: true, tally, finding } satisfies News)
