import { closeSync, openSync, writeSync } from 'node:fs'
import { Encrypter } from 'age-encryption'

/** A file that is written once, encrypted to recipients of age (C2SP age), in its chunks of 64 KiB: what stands there is readable though the rest never came. */
export class SealedFile {
  readonly path: string
  /** Bytes on disk. */
  size = 0
  readonly #file: number
  readonly #input: WritableStreamDefaultWriter<Uint8Array>
  readonly #written: Promise<void>
  /** Why a write failed: the stream that leads to it only knows that nobody reads any more. */
  #broken: unknown = null

  private constructor(
    path: string,
    file: number,
    input: WritableStream<Uint8Array>,
    sealed: ReadableStream<Uint8Array>,
  ) {
    this.path = path
    this.#file = file
    this.#input = input.getWriter()
    this.#written = this.#copy(sealed)
    // Told to whoever writes or closes next.
    this.#written.catch(() => {})
    this.#input.closed.catch(() => {})
  }

  /** Makes the file, mode 0600; one that exists is an error, as are all of the system's. */
  static async create(path: string, recipients: readonly string[]): Promise<SealedFile> {
    const encrypter = new Encrypter()
    for (const recipient of recipients) encrypter.addRecipient(recipient)
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const sealed = await encrypter.encrypt(readable)
    return new SealedFile(path, openSync(path, 'wx', 0o600), writable, sealed)
  }

  /** Takes bytes, which must not change any more. Errors: the system's, of this or an earlier write. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#told(Promise.race([this.#input.write(bytes), this.#written]))
  }

  /** Writes the last chunk, and with it the mark that the file is whole. */
  async close(): Promise<void> {
    try {
      await this.#told(Promise.race([this.#input.close(), this.#written]))
      await this.#written
    } finally {
      closeSync(this.#file)
    }
  }

  async #told(step: Promise<void>): Promise<void> {
    try {
      await step
    } catch (error) {
      throw this.#broken ?? error
    }
  }

  async #copy(sealed: ReadableStream<Uint8Array>): Promise<void> {
    for await (const chunk of sealed) {
      try {
        for (let at = 0; at < chunk.length; ) at += writeSync(this.#file, chunk, at)
      } catch (error) {
        this.#broken = error
        throw error
      }
      this.size += chunk.length
    }
  }
}
