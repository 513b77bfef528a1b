import { type Batch, DECISIONS, MARK, RECORD, Word } from './batch.ts'
import { type Happening, happening, KINDS, messageOf } from './happening.ts'

/** Connections of a worker that are known at once: more than it can have. */
const MOST_CONNECTIONS = 200_000
/** A connection's number in the whole gateway: its worker's own, and the worker. */
const WORKERS = 1_024

/** Whom a connection belongs to. */
export interface Known {
  readonly device: string
  readonly address: string
  readonly roles: readonly string[]
  user: string
  secret: number
}

const NOBODY: Known = { device: '', address: '', roles: [], user: '', secret: 0 }

/** Makes happenings again of what one worker has recorded. Its batches come in their order. */
export class BatchReader {
  readonly #worker: number
  readonly #names: string[] = ['']
  readonly #connections = new Map<number, Known>()
  readonly #roles = new Map<string, readonly string[]>()
  /** Which role may do what was refused; '' where none may. */
  readonly #crosses: (roles: readonly string[], code: string, topic: string) => string

  constructor(worker: number, crosses: (roles: readonly string[], code: string, topic: string) => string) {
    this.#worker = worker
    this.#crosses = crosses
  }

  /** @param message gets messages as they were recorded, in place of `each`: see `Word` */
  read(
    batch: Batch,
    each: (happening: Happening) => void,
    message: ((records: Float64Array, at: number) => void) | null = null,
  ): void {
    this.#names.length = batch.from
    this.#names.push(...batch.names)
    const { records } = batch
    for (let at = 0; at < records.length; at += RECORD) {
      if (message !== null && isMessage(records, at)) message(records, at)
      else each(this.#one(records, at))
    }
  }

  /** Whose connection it is, by its number in the worker. */
  known(connection: number): Known {
    return this.#connections.get(connection) ?? NOBODY
  }

  /** The worker has died, and all its connections with it. @param time wall milliseconds. */
  end(time: number, each: (happening: Happening) => void): void {
    for (const [id, { device, address, roles }] of this.#connections) {
      each(happening({ kind: 'closed', time, device, address, roles, connection: this.numberOf(id) }))
    }
    this.#connections.clear()
  }

  /** A connection's number in the whole gateway. */
  numberOf(id: number): number {
    return id * WORKERS + this.#worker
  }

  #one(records: Float64Array, at: number): Happening {
    const head = records[at + Word.head]
    const kind = KINDS[head & 15]
    const time = records[at + Word.time]
    const topic = this.name(records[at + Word.topic])
    const id = records[at + Word.connection]
    const [a, b, c] = [records[at + Word.a], records[at + Word.b], records[at + Word.c]]
    const bytes = records[at + Word.bytes]
    if (kind === 'handshake' || kind === 'verdict') {
      const device = this.name(c)
      const roles = this.#roles.get(device) ?? []
      const code = this.name(a)
      const crosses = this.#crosses(roles, code, topic)
      const decision = DECISIONS[head >>> 7]
      const address = this.name(id)
      return happening({
        kind,
        time,
        device,
        address,
        topic,
        bytes,
        code,
        guard: this.name(b),
        decision,
        roles,
        crosses,
      })
    }
    if (kind === 'opened')
      this.#open(id, {
        address: this.name(a),
        device: this.name(b),
        roles: split(this.name(c)),
        user: '',
        secret: 0,
      })
    const known = this.#connections.get(id) ?? { ...NOBODY }
    const { device, address, roles } = known
    if (kind === 'publish' || kind === 'receive') {
      const party = { device, address, roles, connection: this.numberOf(id) }
      return messageOf(kind, time, party, topic, bytes, (head >>> 4) & 3, (head & 64) !== 0, (head & MARK) !== 0, a)
    }
    const common = { kind, time, device, address, roles, connection: this.numberOf(id), topic, bytes }
    switch (kind) {
      case 'connect':
        known.user = this.name(a)
        known.secret = c
        return happening({ ...common, user: known.user, secret: c, keepAlive: b, clean: (head & MARK) !== 0 })
      case 'connack':
        return happening({ ...common, user: known.user, secret: known.secret, code: this.name(a) })
      case 'fault':
        return happening({ ...common, code: this.name(a) })
      case 'acknowledge':
        return happening({ ...common, code: this.name(a), packet: b })
      case 'closed':
        this.#connections.delete(id)
        return happening(common)
      default:
        return happening({
          ...common,
          qos: (head >>> 4) & 3,
          retain: (head & 64) !== 0,
          packet: kind === 'opened' ? 0 : a,
        })
    }
  }

  #open(id: number, known: Known): void {
    if (this.#connections.size >= MOST_CONNECTIONS) this.#connections.clear()
    if (this.#roles.size >= MOST_CONNECTIONS) this.#roles.clear()
    this.#connections.set(id, known)
    this.#roles.set(known.device, known.roles)
  }

  /** The text that stands for a number in a record. */
  name(number: number): string {
    return this.#names[number] ?? ''
  }
}

/** Whether a record is of a message, in either direction. */
export function isMessage(records: Float64Array, at: number): boolean {
  const kind = KINDS[records[at + Word.head] & 15]
  return kind === 'publish' || kind === 'receive'
}

function split(roles: string): readonly string[] {
  return roles === '' ? [] : roles.split(' ')
}
