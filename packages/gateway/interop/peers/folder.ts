import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder of a test. Files are written for their owner alone, as keys must be. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'ringwall-interop-'))

  /** Writes a file and gives its full path. */
  write(name: string, text: string): string {
    const path = this.at(name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }

  at(name: string): string {
    return join(this.path, name)
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
