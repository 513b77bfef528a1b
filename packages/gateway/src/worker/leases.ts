import type { LaneTable } from '../lanes/table.ts'
import type { Connection } from '../path/connection.ts'
import type { LaneAnswer } from '../path/way.ts'
import { addressOf } from './expulsion.ts'
import type { Notice, Order } from './messages.ts'

/** What one worker asks the main thread for: the lane of a connection's device. */
export class Leases {
  readonly #lanes: LaneTable
  readonly #tell: (notice: Notice) => void
  readonly #waiting = new Map<number, (answer: LaneAnswer) => void>()

  constructor(lanes: LaneTable, tell: (notice: Notice) => void) {
    this.#lanes = lanes
    this.#tell = tell
  }

  ask(c: Connection): Promise<LaneAnswer> {
    const { promise, resolve } = Promise.withResolvers<LaneAnswer>()
    this.#waiting.set(c.id, resolve)
    this.#tell({ kind: 'lease', session: c.id, device: c.principal.device, address: addressOf(c) })
    return promise
  }

  /** The main thread has answered. */
  answered({ session, answer }: Order & { kind: 'lease' }): void {
    const reply = this.#waiting.get(session)
    this.#waiting.delete(session)
    reply?.(answer.kind === 'granted' ? this.#lanes.open(answer.index, answer.epoch) : answer.kind)
  }

  /** The connection is gone, and with it its lease or the wish for one. */
  release(c: Connection): void {
    this.#waiting.delete(c.id)
    this.#tell({ kind: 'release', session: c.id, device: c.principal.device })
  }
}
