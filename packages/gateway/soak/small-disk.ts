import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/** A small file system in memory at a folder, or null where this user may mount none. */
export function mountSmall(path: string, bytes: number): { readonly path: string; unmount(): void } | null {
  mkdirSync(path)
  const options = `size=${bytes},mode=0700`
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' })
  if (status !== 0) return null
  return { path, unmount: () => spawnSync('umount', [path], { stdio: 'ignore' }) }
}
