import { dirname, join } from 'node:path'
import { type Disk, disk } from './disk.ts'
import type { Step } from './edge.ts'
import { CHECKPOINT_FILE, COSIGNED_FILE } from './read.ts'

/** Writes a step's tiles and bundles, and when they are durable the checkpoint that names them. */
export async function publish(folder: string, { files, gone }: Step, note: string, disk: Disk): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(join(folder, path))))
  await Promise.all(Array.from(folders, each => disk.makeFolder(each)))
  await disk.writeAll(files.map(({ path, bytes }) => ({ path: join(folder, path), bytes })))
  // At once: one transaction of the file system holds them all.
  await Promise.all(Array.from(above(folder, folders), each => disk.syncFolder(each)))
  await replaceCheckpoint(folder, note, disk)
  // What stays behind takes room and harms nothing.
  await Promise.allSettled(gone.map(path => disk.remove(join(folder, path))))
}

/** Puts a checkpoint in the place of the last one, atomically. */
export async function replaceCheckpoint(folder: string, note: string, disk: Disk): Promise<void> {
  const path = join(folder, CHECKPOINT_FILE)
  await disk.write(`${path}.new`, new TextEncoder().encode(note))
  await disk.rename(`${path}.new`, path)
  await disk.syncFolder(folder)
}

/** Keeps a cosigned checkpoint, atomically. */
export async function keepCosigned(folder: string, note: string, on: Disk = disk): Promise<void> {
  const path = join(folder, COSIGNED_FILE)
  await on.write(`${path}.new`, new TextEncoder().encode(note))
  await on.rename(`${path}.new`, path)
  await on.syncFolder(folder)
}

/** Folders with those that they lie in, up to the ledger's: a new folder's name is durable when the one above is synced. */
function above(root: string, folders: ReadonlySet<string>): Set<string> {
  const all = new Set<string>()
  for (const folder of folders) for (let at = folder; at !== root; at = dirname(at)) all.add(at)
  return all
}
