/**
 * Compiles the kernels of trees and writes them as base64 into `src/kernels/trees-bytes.ts`. `node packages/learn/kernel/build-trees.mjs`;
 * with `--check` it only says whether what is kept is what comes out.
 */
import { readFileSync } from 'node:fs'
import { compile as compileSource, keep } from '../../../scripts/kernel.mjs'

const PARTS = ['walk', 'bins', 'boost', 'forest', 'isolation']
const TARGET = new URL('../src/kernels/trees-bytes.ts', import.meta.url)

const source = () => PARTS.map(part => readFileSync(new URL(`./trees-${part}.as`, import.meta.url), 'utf8')).join('\n')

export const compile = () => compileSource(source())

if (process.argv[1] === new URL(import.meta.url).pathname) await keep(source(), 'kernel/trees-*.as', TARGET)
