#!/usr/bin/env node
import { fileURLToPath } from 'node:url'

// Runs on any Node, so that an old one gets a sentence instead of a syntax error.
const OLDEST = 24
if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  process.stderr.write(
    `error node_too_old\n  what   Ringwall needs Node.js ${OLDEST} or newer, this is ${process.versions.node}\n` +
      '  do     In a checkout use `npx ringwall`, which brings its own; elsewhere install a current Node.js.\n',
  )
  process.exit(2)
}
// Half of the time of a short verb is reading its source: what was compiled is kept beside the code, where only those can
// write who can write the code. Where nobody can, nothing is kept.
const { enableCompileCache, registerHooks } = await import('node:module')
enableCompileCache(fileURLToPath(new URL('../.cache', import.meta.url)))
// Each file names the others by their whole path. Looking for every one of them on the disk, with the package it belongs to,
// takes a short verb as long again as reading them.
registerHooks({
  resolve: (name, from, next) =>
    name.startsWith('.') && name.endsWith('.ts')
      ? { url: new URL(name, from.parentURL).href, format: 'module-typescript', shortCircuit: true }
      : next(name, from),
})
await import('../src/cli.ts')
