import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What a file is called until it is whole; a crash may leave it. */
export const UNFINISHED = '.new'

/**
 * Gives a file another text (mode 0600): it goes to a second file, which takes the place of the first once the disk has it, so
 * that a crash leaves one whole text, the old or the new. Throws what the file system says.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}${UNFINISHED}`
  const file = await open(fresh, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  // The new name itself lies in the folder.
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
