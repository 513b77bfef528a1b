import { parentPort, workerData } from 'node:worker_threads'
import { systemCode } from '../base/error.ts'
import { createLog } from '../base/log.ts'
import type { Notice, Order, WorkerStart } from './messages.ts'
import { Straight } from './straight.ts'

/** How often deadlines are looked after and the main thread is told what happened, in milliseconds. */
const SWEEP = 250
const REPORT = 250

const port = parentPort
if (port === null) throw new Error('this file is the entry of a worker thread')
const start = workerData as WorkerStart
const log = createLog(start.config.log.level, { worker: start.index })
const tell = (notice: Notice): void => port.postMessage(notice)
const straight = new Straight(start, log, tell)

port.on('message', (order: Order) => straight.obey(order))
let due = performance.now() + SWEEP
setInterval(() => {
  const now = performance.now()
  straight.measure(Math.max(0, now - due))
  straight.sweep()
  due = now + SWEEP
}, SWEEP)
setInterval(() => tell({ kind: 'report', report: straight.report() }), REPORT)

try {
  tell({ kind: 'listening', port: await straight.listen() })
} catch (error) {
  tell({ kind: 'failed', code: systemCode(error), what: error instanceof Error ? error.message : String(error) })
}
