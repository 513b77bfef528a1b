/**
 * Compiles the kernel and writes it as base64 into `src/hash/kernel-bytes.ts`. `node packages/proof/kernel/build.mjs`; with
 * `--check` it only says whether what is kept is what comes out.
 */
import { compile as compileSource, keep } from '../../../scripts/kernel.mjs'
import { source } from './source.mjs'

const TARGET = new URL('../src/hash/kernel-bytes.ts', import.meta.url)

export const compile = () => compileSource(source())

if (process.argv[1] === new URL(import.meta.url).pathname) await keep(source(), 'kernel/source.mjs', TARGET)
