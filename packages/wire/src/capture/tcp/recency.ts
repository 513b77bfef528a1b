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

  /** Puts some that were heard of again, without being touched, in their places by the packets with which they were. */
  settle(connections: readonly Connection[]): void {
    const sorted = [...connections].sort((a, b) => b.heardNumber - a.heardNumber)
    for (const connection of sorted) this.remove(connection)
    let newer: Connection | null = null
    let older = this.#newest
    for (const connection of sorted) {
      while (older !== null && older.heardNumber > connection.heardNumber) {
        newer = older
        older = older.older
      }
      connection.older = older
      connection.newer = newer
      if (older === null) this.oldest = connection
      else older.newer = connection
      if (newer === null) this.#newest = connection
      else newer.older = connection
      newer = connection
    }
  }

  /** Makes it the one that was heard of last. */
  touch(connection: Connection): void {
    if (this.#newest === connection) return
    this.remove(connection)
    this.add(connection)
  }
}
