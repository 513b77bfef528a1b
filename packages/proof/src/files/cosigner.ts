import { ProofError } from '../error.ts'
import { readNote, writeNote } from '../note/index.ts'
import { askWitness, type WitnessPlace } from '../witness/index.ts'
import { keepCosigned } from './publish.ts'
import { LedgerReader } from './reader.ts'

const GRACE_MS = 2_000

/**
 * Has the published checkpoint cosigned, one checkpoint at a time and the newest next, and puts what it got on the checkpoint file. Nothing
 * waits for it: a witness that is slow or away costs its cosignature, and the operator is told.
 */
export class Cosigner {
  readonly #folder: string
  readonly #places: readonly WitnessPlace[]
  readonly #tell: (error: ProofError) => void
  readonly #stop = new AbortController()
  /** What each witness cosigned last, as far as is known. */
  readonly #sizes = new Map<WitnessPlace, number>()
  /** How each witness failed last, until it cosigns again. */
  readonly #told = new Map<WitnessPlace, string>()
  #put: ((note: string) => Promise<boolean>) | null = null
  #running: Promise<void> | null = null
  #isWoken = false

  constructor(folder: string, places: readonly WitnessPlace[], tell: (error: ProofError) => void) {
    this.#folder = folder
    this.#places = places
    this.#tell = tell
  }

  /** @param put puts a cosigned note in the place of the checkpoint, if that is still of this tree */
  start(put: (note: string) => Promise<boolean>): void {
    this.#put = put
    this.wake()
  }

  /** A checkpoint was published. */
  wake(): void {
    if (this.#places.length === 0 || this.#put === null || this.#stop.signal.aborted) return
    this.#isWoken = true
    this.#running ??= this.#run(this.#put)
  }

  /** Ends when the last checkpoint is cosigned, or soon: one that is not is cosigned when the ledger is opened again. */
  async stop(): Promise<void> {
    const late = setTimeout(() => this.#stop.abort(), GRACE_MS)
    await this.#running
    clearTimeout(late)
    this.#stop.abort()
  }

  async #run(put: (note: string) => Promise<boolean>): Promise<void> {
    // Not within the step that published.
    await null
    while (this.#isWoken && !this.#stop.signal.aborted) {
      this.#isWoken = false
      try {
        await this.#cosign(put)
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error)
        this.#tell(error instanceof ProofError ? error : new ProofError('cosignature_unwritten', what))
      }
    }
    this.#running = null
  }

  /** Each witness by itself: one that hangs costs its own cosignature alone. */
  async #cosign(put: (note: string) => Promise<boolean>): Promise<void> {
    const reader = new LedgerReader(this.#folder, { published: true })
    const { text, signatures } = readNote(reader.note)
    const all = new Map(signatures.map(each => [`${each.name} ${each.id}`, each]))
    let last: Promise<unknown> = Promise.resolve()
    const keep = async (): Promise<void> => {
      const note = writeNote({ text, signatures: [...all.values()] })
      // A newer checkpoint may be there by now, without any: what was cosigned is kept beside it.
      await keepCosigned(this.#folder, note)
      await put(note)
    }
    await Promise.all(
      this.#places.map(async place => {
        const note = await this.#ask(place, reader)
        if (note === null) return
        for (const each of readNote(note).signatures) all.set(`${each.name} ${each.id}`, each)
        last = last.then(keep)
        await last
      }),
    )
  }

  async #ask(place: WitnessPlace, reader: LedgerReader): Promise<string | null> {
    const { size } = reader.checkpoint
    try {
      const old = Math.min(this.#sizes.get(place) ?? 0, size)
      const note = await askWitness(place, reader.note, old, from => reader.consistency(from), this.#stop.signal)
      this.#sizes.set(place, size)
      this.#told.delete(place)
      return note
    } catch (error) {
      if (this.#stop.signal.aborted || !(error instanceof ProofError)) return null
      // Each checkpoint would say so again, and where it is told in the ledger make another one.
      if (this.#told.get(place) !== error.code) this.#tell(error)
      this.#told.set(place, error.code)
      return null
    }
  }
}
