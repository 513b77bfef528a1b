import { parentPort, workerData } from 'node:worker_threads'
import { systemCode } from '../base/error.ts'
import { Drain } from './drain.ts'
import { trimFolder } from './folder.ts'
import type { RecorderNotice, RecorderOrder, RecorderStart } from './messages.ts'
import { SharedRing } from './ring.ts'

/** How often rings are looked into, in milliseconds: what a worker writes in that time must fit into its ring. */
const LOOK = 50
/** How often the folder is held against its bounds, in milliseconds. */
const TRIM = 5_000
/** How long workers may take to say that they record no more, in milliseconds. */
const LINGER = 2_000

const port = parentPort
if (port === null) throw new Error('this file is the entry of a worker thread')
const { store } = workerData as RecorderStart
const tell = (notice: RecorderNotice): void => port.postMessage(notice)

let drains: Drain[] = []
let finishBy = Number.POSITIVE_INFINITY
let trimmed = 0

port.on('message', (order: RecorderOrder) => {
  if (order.kind === 'finish') {
    finishBy = performance.now() + LINGER
    return
  }
  // A worker gets another ring when it was started anew.
  for (const drain of drains) if (drain.worker === order.worker) drain.isOrphan = true
  drains.push(new Drain(order.worker, new SharedRing(order.ring), store))
})

try {
  for (;;) {
    await round()
    if (finishBy < Number.POSITIVE_INFINITY && (drains.length === 0 || performance.now() > finishBy)) break
    await new Promise(resolve => setTimeout(resolve, LOOK))
  }
  for (const drain of drains) await drain.close()
  tell({ kind: 'finished' })
} catch (error) {
  tell({ kind: 'failed', code: systemCode(error), what: error instanceof Error ? error.message : String(error) })
}
port.close()

async function round(): Promise<void> {
  for (const drain of drains) await drain.drain()
  drains = drains.filter(drain => !drain.ended)
  const now = performance.now()
  if (now - trimmed < TRIM) return
  trimmed = now
  const open = new Set(drains.flatMap(({ path }) => path ?? []))
  trimFolder(store.folder, store.size, store.keep, open, Date.now())
}
