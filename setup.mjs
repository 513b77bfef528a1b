/**
 * Brings a checkout to the point where its commands run: `node setup.mjs [--peers]`.
 * Runs on any Node from 18 and needs no package. Says what it does on standard error; standard output stays clean.
 */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildNative } from './scripts/setup/native.mjs'
import { installPackages } from './scripts/setup/packages.mjs'
import { installPeers } from './scripts/setup/peers.mjs'

const root = dirname(fileURLToPath(import.meta.url))

try {
  await installPackages(root)
  await buildNative(root)
  if (process.argv.includes('--peers')) await installPeers()
} catch (error) {
  process.stderr.write(`setup: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
