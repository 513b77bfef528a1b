import type { Log } from '../base/log.ts'
import { deviceOf, textOf } from '../config/query.ts'
import type { RhythmKeeper } from '../lanes/rhythm-keeper.ts'
import type { RhythmTask } from '../lanes/rhythm-tasks.ts'
import type { Route } from './control.ts'

/**
 * What people ask about learned rhythms, and decide: `GET /rhythm`, `GET /rhythm/device`, `POST /rhythm/accept`, `POST
 * /rhythm/forget`. @param decide carries a decision out, wherever the device's lane is held
 */
export function rhythmRoutes(
  keeper: RhythmKeeper,
  decide: (device: string, task: RhythmTask) => void,
  log: Log,
): [string, Route][] {
  const order =
    (kind: RhythmTask['kind']): Route =>
    query => {
      const device = deviceOf(query)
      const topic = query.has('topic') ? textOf(query, 'topic') : null
      const by = textOf(query, 'by')
      decide(device, keeper.task(kind, device, topic))
      log.info({ device, topic, by }, `rhythm: ${kind}`)
      return { device, topic }
    }
  return [
    ['GET /rhythm', () => keeper.list()],
    ['GET /rhythm/device', query => keeper.view(deviceOf(query))],
    ['POST /rhythm/accept', order('accept')],
    ['POST /rhythm/forget', order('forget')],
  ]
}
