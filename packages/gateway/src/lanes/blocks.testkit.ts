import { parentPort, workerData } from 'node:worker_threads'
import type { HashKey } from './approvals-hash.ts'
import { SharedBlocks } from './blocks.ts'

/** What the reading thread is given: the table, and what it looks up until the flag is set. */
export interface Watch {
  readonly buffer: SharedArrayBuffer
  readonly key: HashKey
  readonly address: string
  readonly absent: string
  readonly stop: Int32Array
}

/** A thread that looks two addresses up without pause and tells how often the answers were wrong. */
if (parentPort !== null) {
  const { buffer, key, address, absent, stop } = workerData as Watch
  const blocks = new SharedBlocks(buffer, key)
  let looks = 0
  let wrong = 0
  while (Atomics.load(stop, 0) === 0) {
    looks++
    if (blocks.address(address, 0) === 0 || blocks.address(absent, 0) !== 0) wrong++
    if (looks === 1) Atomics.store(stop, 1, 1)
  }
  parentPort.postMessage({ looks, wrong })
}
