import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { RingwallError, systemCode } from '../base/error.ts'

/** Gathers lines and writes them in large pieces, no faster than they are taken. */
export class LineSink {
  readonly #stream: Writable
  #pending = ''
  #failed: unknown = null
  #gone = false

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('error', error => {
      // Who reads no more, as `head` does, has enough.
      if (systemCode(error) === 'EPIPE') this.#gone = true
      else this.#failed = error
    })
  }

  write(lines: string): void {
    if (!this.#gone) this.#pending += lines
  }

  /** Writes what was gathered and waits until there is room for more. Throws `file_unusable`. */
  async flush(): Promise<void> {
    const text = this.#pending
    this.#pending = ''
    this.#check()
    if (text === '' || this.#gone || this.#stream.write(text)) return
    // Whichever does not come is waited for no longer: its listeners would gather.
    const waiting = new AbortController()
    const { signal } = waiting
    const either = [once(this.#stream, 'drain', { signal }), once(this.#stream, 'close', { signal })]
    await Promise.race(either).catch(() => {})
    waiting.abort()
    await Promise.allSettled(either)
    this.#check()
  }

  /** Writes the rest. Standard output stays open. */
  async end(): Promise<void> {
    await this.flush()
    if (this.#gone || this.#stream === process.stdout) return
    this.#stream.end()
    await once(this.#stream, 'finish').catch(() => {})
    this.#check()
  }

  #check(): void {
    if (this.#failed === null) return
    const what = `the lines cannot be written (${systemCode(this.#failed)})`
    throw new RingwallError(
      'file_unusable',
      what,
      'Name a file that can be made, on a disk with room.',
      {},
      this.#failed,
    )
  }
}
