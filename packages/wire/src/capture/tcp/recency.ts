import type { Connection } from './connection.ts'

/** Connections in the order in which they were last heard of. */
export class Recency {
  oldest: Connection | null
  #newest: Connection | null

  constructor() {
    this.oldest = null
    this.#newest = null
  }

  add(connection: Connection): void {
    connection.older = this.#newest
    connection.newer = null
    if (this.#newest === null) this.oldest = connection
    else this.#newest.newer = connection
    this.#newest = connection
  }

  remove(connection: Connection): void {
    const { older, newer } = connection
    if (older === null) this.oldest = newer
    else older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
    connection.older = null
    connection.newer = null
  }

  /** Makes it the one that was heard of last. */
  touch(connection: Connection): void {
    if (this.#newest === connection) return
    this.remove(connection)
    this.add(connection)
  }
}
