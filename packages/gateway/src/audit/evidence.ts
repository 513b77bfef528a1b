import { type Batch, DECISIONS, RECORD, Word } from '../evidence/batch.ts'
import { type Happening, KINDS } from '../evidence/happening.ts'
import { BatchReader } from '../evidence/reader.ts'
import type { ActBatch } from './act-batch.ts'
import type { AuditEvent } from './event.ts'

/** A name's number is below this: see `Recorder`. */
const MOST_NAMES = 65_536
const REFUSED = DECISIONS.indexOf('refuse')

/** Takes one worker's evidence: allowed messages into the batch, connections and authentications as events. */
export class EvidenceTaker {
  readonly #reader: BatchReader
  /** Parties of the current batch, by connection, direction and the topic's number. */
  readonly #parties = new Map<number, number>()
  #batchOf: ActBatch | null = null
  #batchNumber = -1
  #dropped = 0

  constructor(worker: number) {
    this.#reader = new BatchReader(worker, () => '')
  }

  /**
   * @param acts where allowed acts go, null for nowhere @param number of the batch: parties are told anew in each
   * @returns how many happenings are missing since the last call
   */
  take(
    batch: Batch,
    acts: () => { batch: ActBatch; number: number } | null,
    each: (event: AuditEvent) => void,
  ): number {
    if (batch.from === 1) this.#parties.clear()
    const { records } = batch
    const missing = batch.dropped - this.#dropped
    this.#dropped = batch.dropped
    const onMessage = (_: Float64Array, at: number): void => {
      // With records missing nobody knows what the last act came to.
      if (isRefused(records, at) || (missing > 0 && at + RECORD >= records.length)) return
      const current = acts()
      if (current === null) return
      if (current.number !== this.#batchNumber || current.batch !== this.#batchOf) {
        this.#parties.clear()
        this.#batchOf = current.batch
        this.#batchNumber = current.number
      }
      this.#add(current.batch, records, at)
    }
    const onHappening = (happening: Happening): void => {
      const event = eventOf(happening)
      if (event !== null) each(event)
    }
    this.#reader.read(batch, onHappening, onMessage)
    return missing
  }

  /** The worker died, and its connections with it. */
  end(time: number, each: (event: AuditEvent) => void): void {
    this.#dropped = 0
    this.#parties.clear()
    this.#reader.end(time, happening => {
      const event = eventOf(happening)
      if (event !== null) each(event)
    })
  }

  #add(batch: ActBatch, records: Float64Array, at: number): void {
    const head = records[at + Word.head]
    const isDown = KINDS[head & 15] === 'receive'
    const id = records[at + Word.connection]
    const topic = records[at + Word.topic]
    const key = (id * 2 + (isDown ? 1 : 0)) * MOST_NAMES + topic
    let party = this.#parties.get(key)
    if (party === undefined) {
      const { device, address } = this.#reader.known(id)
      party = batch.party({
        device,
        address,
        connection: this.#reader.numberOf(id),
        direction: isDown ? 'down' : 'up',
        topic: this.#reader.name(topic),
      })
      this.#parties.set(key, party)
    }
    const flags = ((head >>> 4) & 3) | ((head & 64) === 0 ? 0 : 4)
    batch.add(party, records[at], records[at + Word.bytes], records[at + Word.a], flags)
  }
}

/** A refused message is followed by what it came to. */
function isRefused(records: Float64Array, at: number): boolean {
  const next = at + RECORD
  if (next >= records.length) return false
  const head = records[next + Word.head]
  return (
    KINDS[head & 15] === 'verdict' &&
    head >>> 7 >= REFUSED &&
    records[next + Word.topic] === records[at + Word.topic] &&
    records[next] === records[at]
  )
}

/** Connections and authentications; what verdicts tell better is left to them. */
function eventOf({ kind, time, device, address, connection, code, user, roles }: Happening): AuditEvent | null {
  const common = { time, device, address }
  switch (kind) {
    case 'opened':
      return { ...common, kind, message: `${device} connected`, details: { connection, roles } }
    case 'closed':
      return { ...common, kind, message: `${device} is gone`, details: { connection } }
    case 'connack': {
      const success = code === 'accepted'
      const message = success ? `${device} has a session` : `${device} was refused a session: ${code}`
      const severity = success ? ('info' as const) : ('medium' as const)
      return { ...common, kind, message, user, success, severity, details: { connection, code } }
    }
    default:
      return null
  }
}
