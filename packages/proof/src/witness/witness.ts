import { ProofError } from '../error.ts'
import { isConsistent, sameHash } from '../merkle/index.ts'
import {
  type Checkpoint,
  type Note,
  readCheckpoint,
  readNote,
  type Signer,
  signNote,
  type Verifier,
  verifyNote,
  writeNote,
} from '../note/index.ts'
import { readRequest } from './request.ts'

/** What a witness remembers of each log: the note that it cosigned last. */
export interface WitnessState {
  get(origin: string): string | null
  /** Resolves when it is durable. */
  put(origin: string, note: string): Promise<void>
}

/** A log that a witness knows. */
export interface WitnessedLog {
  readonly origin: string
  readonly keys: readonly Verifier[]
}

/** What is answered, as HTTP has it. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly type: string
  readonly body: string
  /** For the witness's log: why it did not cosign. */
  readonly code: string | null
}

/**
 * A witness (C2SP tlog-witness): cosigns a checkpoint that goes on from the one that it cosigned before, and none else, so that no log can show two
 * histories that both have its cosignature. Requests of one log are judged one after the other.
 */
export class Witness {
  readonly #signers: readonly Signer[]
  readonly #logs: ReadonlyMap<string, WitnessedLog>
  readonly #state: WitnessState
  readonly #now: () => number
  readonly #turns = new Map<string, Promise<unknown>>()

  /** @param now seconds since the Unix epoch */
  constructor(signers: readonly Signer[], logs: readonly WitnessedLog[], state: WitnessState, now: () => number) {
    this.#signers = signers
    this.#logs = new Map(logs.map(log => [log.origin, log]))
    this.#state = state
    this.#now = now
  }

  /** Answers the body of an add-checkpoint request. Rejects only where the state cannot be written or a key cannot sign. */
  async answer(body: string): Promise<WitnessAnswer> {
    try {
      const request = readRequest(body)
      const note = readNote(request.note)
      const checkpoint = readCheckpoint(note.text)
      const log = this.#logs.get(checkpoint.origin)
      if (log === undefined) return refusal(404, 'log_unknown', 'this log is not witnessed here')
      if (!(await isSigned(note, log.keys))) return refusal(403, 'log_signature', 'no key of the log has signed this')
      if (request.old > checkpoint.size) return refusal(400, 'request_malformed', 'the old size is over the new one')
      return await this.#inTurn(log.origin, () => this.#cosign(request.old, request.proof, note, checkpoint))
    } catch (error) {
      if (error instanceof ProofError) return refusal(400, error.code, error.message)
      throw error
    }
  }

  async #cosign(old: number, proof: readonly Uint8Array[], note: Note, next: Checkpoint): Promise<WitnessAnswer> {
    const kept = this.#state.get(next.origin)
    const last = kept === null ? null : readCheckpoint(readNote(kept).text)
    const size = last?.size ?? 0
    if (old !== size) return { status: 409, type: 'text/x.tlog.size', body: `${size}\n`, code: 'witness_size' }
    if (last !== null && size === next.size && !sameHash(last.root, next.root))
      return { ...refusal(409, 'split_view', ''), type: 'text/x.tlog.size', body: `${size}\n` }
    const isHeld = last === null ? proof.length === 0 : isConsistent(size, next.size, last.root, next.root, proof)
    if (!isHeld) return refusal(422, 'inconsistent', 'the proof does not lead from the old tree to the new one')
    const signatures = await Promise.all(this.#signers.map(signer => signNote(note.text, signer, this.#now())))
    // Before anybody has the cosignature: after a crash, no other tree of this size may get one.
    await this.#state.put(next.origin, writeNote(note))
    const lines = writeNote({ text: '', signatures }).slice(1)
    return { status: 200, type: 'text/plain; charset=utf-8', body: lines, code: null }
  }

  async #inTurn<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#turns.get(origin) ?? Promise.resolve()).then(work)
    this.#turns.set(
      origin,
      mine.catch(() => {}),
    )
    return await mine
  }
}

async function isSigned(note: Note, keys: readonly Verifier[]): Promise<boolean> {
  try {
    return (await verifyNote(note, keys)).length > 0
  } catch (error) {
    if (error instanceof ProofError) return false
    throw error
  }
}

function refusal(status: WitnessAnswer['status'], code: string, what: string): WitnessAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${code}: ${what}\n`, code }
}
