/**
 * Compiles the reader of plain captures and writes it as base64 into `src/capture/express/kernel-bytes.ts`.
 * `node packages/wire/kernel/build.mjs`; with `--check` it only says whether what is kept is what comes out.
 */
import { readFileSync } from 'node:fs'
import { compile as compileSource, keep } from '../../../scripts/kernel.mjs'

const SOURCE = new URL('./express.as', import.meta.url)
const TARGET = new URL('../src/capture/express/kernel-bytes.ts', import.meta.url)

export const compile = () => compileSource(readFileSync(SOURCE, 'utf8'))

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await keep(readFileSync(SOURCE, 'utf8'), 'kernel/express.as', TARGET)
}
