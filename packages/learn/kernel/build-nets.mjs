/**
 * Compiles the kernels of nets, which are parts of one source, and writes them as base64 into `src/kernels/`: `nets-bytes.ts` reckons to the same bits
 * everywhere, and `nets-fused-bytes.ts`, for training, multiplies and adds with one rounding, by WebAssembly's relaxed SIMD.
 * `node packages/learn/kernel/build-nets.mjs`; with `--check` it only says whether what is kept is what comes out.
 */
import { readFileSync } from 'node:fs'
import { compile as compileSource, keep } from '../../../scripts/kernel.mjs'

const PARTS = [
  'common',
  'row',
  'gemm',
  'transpose',
  'linear',
  'blocks',
  'gru',
  'lstm',
  'norm',
  'attention',
  'loss',
  'optimize',
  'adversary',
]
const FEATURES = { plain: [], fused: ['relaxed-simd'] }

const source = kind =>
  [
    `const FUSED = ${kind === 'fused'};`,
    ...PARTS.map(part => readFileSync(new URL(`./nets-${part}.as`, import.meta.url), 'utf8')),
  ].join('\n')

/** @param kind plain or fused */
export const compile = kind => compileSource(source(kind), FEATURES[kind])

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const kind of ['plain', 'fused']) {
    const target = new URL(`../src/kernels/nets-${kind === 'fused' ? 'fused-' : ''}bytes.ts`, import.meta.url)
    await keep(source(kind), 'kernel/nets-*.as', target, FEATURES[kind])
  }
}
