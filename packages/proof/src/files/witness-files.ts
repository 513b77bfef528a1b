import { hash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { WitnessState } from '../witness/index.ts'
import { type Disk, disk } from './disk.ts'
import { readIfThere } from './read.ts'

/** What a witness remembers, a file a log, named by the hash of its origin. A note is durable before it counts. */
export class WitnessFiles implements WitnessState {
  readonly #folder: string
  readonly #disk: Disk

  constructor(folder: string, on: Disk = disk) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#folder = folder
    this.#disk = on
  }

  get(origin: string): string | null {
    const bytes = readIfThere(this.#pathOf(origin))
    return bytes === null ? null : new TextDecoder().decode(bytes)
  }

  async put(origin: string, note: string): Promise<void> {
    const path = this.#pathOf(origin)
    await this.#disk.write(`${path}.new`, new TextEncoder().encode(note))
    await this.#disk.rename(`${path}.new`, path)
    await this.#disk.syncFolder(this.#folder)
  }

  #pathOf(origin: string): string {
    return join(this.#folder, hash('sha256', origin, 'hex'))
  }
}
