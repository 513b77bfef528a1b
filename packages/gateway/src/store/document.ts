import type { FolderStore } from './folder-store.ts'

/** What was found: nothing yet, a body, or something that could not be understood and now stands aside. */
export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly body: unknown }
  | { readonly kind: 'broken'; readonly why: string; readonly path: string }

/**
 * One JSON document of a store, with the version of its format. Writes that come while one is under way are joined: the last
 * word counts, and whoever wrote waits until that, or something later, is on the disk. For the main thread only.
 */
export class Document {
  readonly #store: FolderStore
  readonly #name: string
  readonly #version: number
  #next: (() => unknown) | null = null
  #writing: Promise<void> = Promise.resolve()

  /** @param store of this document alone */
  constructor(store: FolderStore, name: string, version: number) {
    this.#store = store
    this.#name = name
    this.#version = version
  }

  /** One that is damaged, or of another version, is set aside. Throws what the disk says. */
  async read(): Promise<Found> {
    const { kept, broken } = await this.#store.load((_, text) => this.#bodyOf(text), 1)
    const [first] = broken
    if (first !== undefined) return { kind: 'broken', ...first }
    return kept.has(this.#name) ? { kind: 'read', body: kept.get(this.#name) } : { kind: 'none' }
  }

  /** Writes what `body` gives at the moment of writing. Throws what the disk says. */
  write(body: () => unknown): Promise<void> {
    this.#next = body
    this.#writing = this.#writing.catch(ignore).then(() => this.#drain())
    return this.#writing
  }

  async #drain(): Promise<void> {
    const body = this.#next
    if (body === null) return
    this.#next = null
    await this.#store.put(this.#name, JSON.stringify({ version: this.#version, body: body() }))
  }

  #bodyOf(text: string): unknown {
    const read: unknown = JSON.parse(text)
    const { version, body } = (read ?? {}) as { version?: unknown; body?: unknown }
    if (version === this.#version) return body
    throw new Error(`it is of version ${String(version)}, and ${this.#version} is read`)
  }
}

function ignore(): void {}
