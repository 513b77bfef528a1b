/**
 * Compiles the kernels of nets, which are parts of one source, and writes them as base64 into `src/kernels/nets-bytes.ts`.
 * `node packages/learn/kernel/build-nets.mjs`; with `--check` it only says whether what is kept is what comes out.
 */
import { readFileSync } from 'node:fs'
import { compile as compileSource, keep } from '../../../scripts/kernel.mjs'

const PARTS = ['common', 'gemm', 'linear', 'recurrent', 'attention', 'loss', 'optimize']
const TARGET = new URL('../src/kernels/nets-bytes.ts', import.meta.url)

const source = () => PARTS.map(part => readFileSync(new URL(`./nets-${part}.as`, import.meta.url), 'utf8')).join('\n')

export const compile = () => compileSource(source())

if (process.argv[1] === new URL(import.meta.url).pathname) await keep(source(), 'kernel/nets-*.as', TARGET)
