import { encodeCbor } from '@ringwall/proof'
import type { Clock } from '../base/clock.ts'
import type { Verdict } from '../contract/index.ts'
import type { Batch } from '../evidence/batch.ts'
import type { ActKeeper } from './act-keeper.ts'
import { Bounds, type Minute } from './bounds.ts'
import type { Committer } from './commitment.ts'
import type { AuditEvent } from './event.ts'
import { EvidenceTaker } from './evidence.ts'
import { meaningOf } from './happenings.ts'
import type { Surplus } from './messages.ts'
import { entryOf, type Origin } from './ocsf.ts'
import type { Outbox } from './outbox.ts'
import { verdictEvent } from './verdict.ts'

/** Bytes of an entry that a ledger takes. */
const LONGEST_ENTRY = 65_535
/** Bytes of an entry that a device, a stranger or the gateway of itself brings about: with `Bounds`, what they can take on the disk. */
const LONGEST_BOUNDED = 8_192

export interface KeeperParts {
  readonly outbox: Outbox
  /** Null where allowed acts are not kept. */
  readonly acts: ActKeeper | null
  readonly origin: Origin
  readonly committer: Committer
  readonly clock: Clock
}

/**
 * What the ledger's thread does: everything that happens becomes entries, bounded by device and minute, and allowed acts become batches.
 */
export class Keeper {
  readonly #parts: KeeperParts
  readonly #bounds = new Bounds()
  readonly #takers = new Map<number, EvidenceTaker>()

  constructor(parts: KeeperParts) {
    this.#parts = parts
    this.#bounds.turn(parts.clock.wall())
  }

  /**
   * @param last what the last entry of the former run tells of; null where there is none
   * @param from the first entry that is kept
   */
  begin(
    last: { readonly kind: string; readonly time: number; readonly index: number } | null,
    from = 0,
  ): Promise<void> {
    const time = this.#parts.clock.wall()
    if (last !== null && last.kind !== 'stop') {
      const details = { lastEntry: last.index, lastTime: last.time }
      const message = `the gateway ended without a word after ${new Date(last.time).toISOString()}`
      this.event({ kind: 'crash', time, message, details })
    }
    const kept = from === 0 ? {} : { details: { keptFrom: from } }
    return this.order({ kind: 'start', time, message: 'the gateway starts', ...kept })
  }

  evidence(worker: number, batch: Batch): void {
    const { acts } = this.#parts
    const missing = this.#takerOf(worker).take(
      batch,
      () => acts?.current() ?? null,
      event => this.event(event),
    )
    if (missing > 0) this.missing(missing)
  }

  /** Happenings that never came here: the workers, or the way from them, had no room. */
  missing(count: number): void {
    this.#bounds.count('evidence_missing', '', '', count)
  }

  died(worker: number): void {
    this.#takers.get(worker)?.end(this.#parts.clock.wall(), event => this.event(event))
    this.#takers.delete(worker)
  }

  verdicts(verdicts: readonly Verdict[], surplus: readonly Surplus[]): void {
    for (const verdict of verdicts) this.event(verdictEvent(verdict))
    for (const { who, code, decision, count } of surplus) this.#bounds.count(decision, who, code, count)
  }

  /** Something that stands by itself or is counted. */
  event(event: AuditEvent): void {
    if (!this.#bounds.takes(event)) return
    const { outbox } = this.#parts
    if (outbox.isFull) {
      outbox.lose()
      return this.#bounds.count(event.kind, event.device || event.address || '', '', 1)
    }
    outbox.put(this.#bytes(event))
  }

  /**
   * Something that must be on the disk before it counts. Errors: what the ledger says. @param until a reading of the clock's `now`, after
   * which whoever ordered it was told that it is not written down: where it is all the same, the ledger says so
   */
  async order(event: AuditEvent, until = Number.POSITIVE_INFINITY): Promise<void> {
    const { outbox, clock } = this.#parts
    const isOver = (): boolean => clock.now() > until
    await outbox.putAndWait(this.#bytes(event), isOver)
    if (!isOver()) return
    const message = `${event.kind} was written down too late: who ordered it was told that it was not`
    this.event({ kind: 'order', time: clock.wall(), message, details: { order: 'late', late: event.kind } })
  }

  /** Whether the disk does not follow. */
  get isBehind(): boolean {
    return this.#parts.outbox.isBehind || (this.#parts.acts?.isBehind ?? false)
  }

  /** Time goes on; to be called some times a second. */
  tick(): void {
    const { clock, acts, outbox } = this.#parts
    const wall = clock.wall()
    this.#tellCounts(this.#bounds.turn(wall), wall)
    const trouble = outbox.recovered(wall)
    if (trouble !== null) this.event(trouble)
    for (const event of acts?.tick(wall) ?? []) this.event(event)
    outbox.flush()
    // Told before it is done: what is missing without a word was taken by somebody else.
    void acts?.trim(wall, event =>
      this.order(event).then(
        () => true,
        () => false,
      ),
    )
  }

  /** The last words: what is counted so far, the last batch, and that the gateway stops. */
  async end(): Promise<void> {
    const { clock, acts } = this.#parts
    for (const event of (await acts?.end()) ?? []) this.event(event)
    this.#tellCounts(this.#bounds.turn(Number.POSITIVE_INFINITY), clock.wall())
    await this.order({ kind: 'stop', time: clock.wall(), message: 'the gateway stops' })
  }

  #tellCounts(minute: Minute | null, wall: number): void {
    if (minute === null) return
    const { time, counts, others } = minute
    const total = counts.reduce((sum, { count }) => sum + count, others)
    this.event({
      kind: 'counts',
      time: wall,
      message: `${total} happenings of the minute from ${new Date(time).toISOString()} were counted`,
      details: { minute: time, counts: counts.map(({ kind, who, code, count }) => [kind, who, code, count]), others },
    })
  }

  #bytes(event: AuditEvent): Uint8Array {
    const { origin, committer } = this.#parts
    const most = meaningOf(event.kind).room === 'free' ? LONGEST_ENTRY : LONGEST_BOUNDED
    const bytes = encodeCbor(entryOf(event, origin, committer))
    if (bytes.length <= most) return bytes
    const details = { left_out: `details of an entry of ${bytes.length} bytes` }
    const { findings = [], scores: _, ...others } = event
    return encodeCbor(entryOf({ ...others, findings: findings.slice(0, 1), details }, origin, committer))
  }

  #takerOf(worker: number): EvidenceTaker {
    let taker = this.#takers.get(worker)
    if (taker === undefined) {
      taker = new EvidenceTaker(worker)
      this.#takers.set(worker, taker)
    }
    return taker
  }
}
