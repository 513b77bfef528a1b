import { writeFileSync } from 'node:fs'
import { inFile, Replacing } from './learn-replacing.ts'
import { LineSink } from './line-sink.ts'

/** Where the lines of a table go while captures are read. */
export interface TableOut {
  write(line: string): void
  /** Writes what was gathered. Error: `file_unusable`. */
  flush(): Promise<void>
  /** The table is whole. Error: `file_unusable`. */
  end(): Promise<void>
  /** The table will never be whole: says what is left of it. */
  drop(): Promise<string>
}

/**
 * Opens an output. A file takes its place when it is whole (`Replacing`), so that whatever fails, the former one stays. Standard output (`-`) and what is no file (a
 * pipe, a device) get their lines as they come. Error: `file_unusable`.
 */
export function tableOut(out: string): TableOut {
  return out === '-' ? new Streamed() : new Filed(out)
}

/** Characters that are gathered before they are written. */
const PIECE = 65_536

class Filed implements TableOut {
  readonly #file: string
  readonly #out: Replacing
  #pending = ''

  constructor(file: string) {
    this.#file = file
    this.#out = inFile(file, () => Replacing.of(file))
  }

  write(line: string): void {
    this.#pending += line
    if (this.#pending.length >= PIECE) this.#put()
  }

  async flush(): Promise<void> {
    this.#put()
  }

  async end(): Promise<void> {
    this.#put()
    inFile(this.#file, () => this.#out.commit())
  }

  async drop(): Promise<string> {
    this.#out.abort()
    return this.#out.keeps ? `${this.#file} was not written` : `${this.#file} has a part of the table`
  }

  #put(): void {
    const text = this.#pending
    this.#pending = ''
    inFile(this.#file, () => writeFileSync(this.#out.descriptor, text))
  }
}

/** Standard output, no faster than it is taken. */
class Streamed extends LineSink implements TableOut {
  constructor() {
    super(process.stdout)
  }

  async drop(): Promise<string> {
    await this.flush().catch(() => {})
    return 'standard output has a part of the table'
  }
}
