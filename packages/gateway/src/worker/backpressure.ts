import type { Config } from '../config/index.ts'
import type { Recorder } from '../evidence/recorder.ts'
import { SharedHold } from '../lanes/hold.ts'
import { type Connection, Halt } from '../path/connection.ts'

/**
 * Stops reading while the ledger does not keep up, where `ledger.overload` is `block`: nothing passes then that the ledger has no room for.
 * Looked at before each chunk; what was held back is read again within a quarter of a second after the ledger has caught up.
 */
export class Backpressure {
  readonly #blocks: boolean
  readonly #hold: SharedHold
  readonly #recorder: Recorder
  readonly #connections: ReadonlyMap<number, Connection>
  #isHolding = false

  /** @param hold the words of a `SharedHold` */
  constructor(
    { ledger }: Config,
    hold: SharedArrayBuffer,
    recorder: Recorder,
    connections: ReadonlyMap<number, Connection>,
  ) {
    this.#blocks = ledger !== 'off' && ledger.overload === 'block'
    this.#hold = new SharedHold(hold)
    this.#recorder = recorder
    this.#connections = connections
  }

  /** Before a chunk of a connection is judged. */
  check(c: Connection): void {
    if (!this.#blocks || !(this.#recorder.isCrowded || this.#hold.isOn)) return
    c.halt(Halt.audit)
    if (this.#isHolding) return
    this.#isHolding = true
    for (const each of this.#connections.values()) {
      each.halt(Halt.audit)
      each.link?.pause()
    }
  }

  /** Goes on where the ledger has caught up; to be called some times a second, after the recorder was emptied. */
  release(resume: (c: Connection, reason: number) => void): void {
    if (!this.#isHolding || this.#recorder.isCrowded || this.#hold.isOn) return
    this.#isHolding = false
    for (const each of this.#connections.values()) {
      if ((each.halted & Halt.audit) === 0) continue
      if (!each.socket.writableNeedDrain) each.link?.resume()
      resume(each, Halt.audit)
    }
  }
}
