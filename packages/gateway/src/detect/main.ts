import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../base/clock.ts'
import type { Alarm } from '../evidence/alarm.ts'
import { compileCrossing } from './crossing.ts'
import { Detector } from './detector.ts'
import type { DetectorNotice, DetectorOrder, DetectorStart } from './messages.ts'
import { provenSources } from './sources.ts'

/** How often time goes on by itself, and how often it is told that subjects had to make room, in milliseconds. */
const TICK = 250
const CROWDED = 60_000

const port = parentPort
if (port === null) throw new Error('this file is the entry of a thread')
const tell = (notice: DetectorNotice): void => port.postMessage(notice)
const first = workerData as DetectorStart
const raise = (alarm: Alarm): void => tell({ kind: 'alarm', alarm })
const detector = new Detector(provenSources(first.sources), compileCrossing(first), raise)
const known = new Map<string, number>()
let wanted: DetectorStart['intrusion'] = null

port.on('message', (order: DetectorOrder) => {
  if (order.kind === 'evidence') {
    detector.take(order.worker, order.batch)
    tell({ kind: 'done' })
  } else if (order.kind === 'died') detector.died(order.worker, systemClock.wall())
  else {
    detector.configure(provenSources(order.start.sources), compileCrossing(order.start))
    judgeBy(order.start)
  }
})
judgeBy(first)
setInterval(() => detector.tick(systemClock.wall()), TICK)
setInterval(() => {
  const sessions = { scenario: 'intrusion', evicted: detector.intrusion?.evicted ?? 0 }
  for (const { scenario, evicted } of [...detector.counts, sessions]) {
    const since = evicted - (known.get(scenario) ?? 0)
    known.set(scenario, evicted)
    if (since > 0) tell({ kind: 'crowded', scenario, evicted: since })
  }
}, CROWDED)

/** Judges sessions by the model of a start as soon as it is read, unless another start has come meanwhile. */
function judgeBy({ intrusion }: DetectorStart): void {
  wanted = intrusion
  detector.intrusion = null
  if (intrusion === null) return
  // The models' kernels are loaded only where one judges.
  const loaded = import('./intrusion/judge.ts').then(({ IntrusionJudge }) => IntrusionJudge.load(intrusion, raise))
  loaded.then(
    judge => {
      if (wanted === intrusion) detector.intrusion = judge
    },
    error => tell({ kind: 'unusable', why: String(error) }),
  )
}
