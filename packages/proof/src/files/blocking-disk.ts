import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { type Disk, disk, PIECES, PRIVATE_FILE, writeAll } from './disk.ts'

/** From so many bytes on, a write lasts long enough that the thread has better to do than to wait for it: there is as much to be hashed. */
const LONG_BYTES = 32_768

/**
 * A disk for a thread that has nothing else to do: it waits for the end of a journal itself. Handing that to another thread and hearing of it again takes
 * as long as the disk does. What is written beside the appends goes through the pool's threads.
 */
export const blockingDisk: Disk = {
  ...disk,
  async open(path, isThere = false) {
    const file = openSync(path, isThere ? 'r+' : 'w', PRIVATE_FILE)
    const durable = openOther(path, file)
    return {
      async write(bytes, position) {
        writeNow(file, bytes, position)
      },
      async writeDurably(bytes, position) {
        if (bytes.length >= LONG_BYTES) await writeAll(durable, bytes, position)
        else writeNow(durable, bytes, position)
      },
      async truncate(length) {
        ftruncateSync(file, length)
      },
      async close() {
        closeSync(durable)
        closeSync(file)
      },
    }
  },
}

/** A file must not stay that nothing was written to. */
function openOther(path: string, file: number): number {
  try {
    return openSync(path, PIECES, PRIVATE_FILE)
  } catch (error) {
    closeSync(file)
    rmSync(path, { force: true })
    throw error
  }
}

function writeNow(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, position + at)
}
