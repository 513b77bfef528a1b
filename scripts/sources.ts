import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of the checkout; `path` is relative to the root and has forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

const SKIPPED = new Set(['node_modules', 'dist', 'coverage'])

/** Reads all files under `folder` whose name `wanted` accepts, hidden folders and installed packages aside. */
export function readSources(root: string, folder: string, wanted: (path: string) => boolean): Source[] {
  const found: Source[] = []
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) found.push(...readSources(root, path, wanted))
    } else if (entry.isFile() && wanted(path)) found.push({ path, text: readFileSync(join(root, path), 'utf8') })
  }
  return found
}

/** The workspace's packages: folder name by package name. */
export function readPackages(root: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const { path, text } of readSources(root, 'packages', isManifest)) names.set(nameIn(text), path.split('/')[1])
  return names
}

function isManifest(path: string): boolean {
  return /^packages\/[^/]+\/package\.json$/.test(path)
}

function nameIn(manifest: string): string {
  const parsed: unknown = JSON.parse(manifest)
  if (typeof parsed === 'object' && parsed !== null && 'name' in parsed && typeof parsed.name === 'string')
    return parsed.name
  throw new Error('a package.json without a name')
}
