/**
 * Compiles the kernel and writes it as base64 into `src/hash/kernel-bytes.ts`, which is kept: whoever installs the package needs no
 * compiler. `node packages/proof/kernel/build.mjs`; with `--check` it only says whether what is kept is what comes out.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'
import { source } from './source.mjs'

const TARGET = new URL('../src/hash/kernel-bytes.ts', import.meta.url)
const OPTIONS = [
  '--optimizeLevel',
  '3',
  '--shrinkLevel',
  '0',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--importMemory',
  '--noAssert',
]

export async function compile() {
  const files = new Map([['kernel.ts', source()]])
  let binary = null
  const { error, stderr } = await asc.main(['kernel.ts', '--outFile', 'kernel.wasm', ...OPTIONS], {
    readFile: name => files.get(name) ?? null,
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') binary = contents
    },
    listFiles: () => [],
  })
  if (error !== null || binary === null) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return Buffer.from(binary)
}

export function moduleText(binary) {
  const lines = binary.toString('base64').match(/.{1,150}/g) ?? []
  return `/** What \`kernel/build.mjs\` makes of \`kernel/source.mjs\`: a WebAssembly module in base64. */
export const KERNEL =
${lines.map((line, index) => `  ${index === 0 ? '' : '+ '}'${line}'`).join('\n')}
`
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = moduleText(await compile())
  if (!process.argv.includes('--check')) writeFileSync(TARGET, text)
  else if (readFileSync(TARGET, 'utf8').replaceAll(/[\s+']/g, '') !== text.replaceAll(/[\s+']/g, '')) {
    process.stderr.write(
      'what is kept of the kernel is not what its source makes: run packages/proof/kernel/build.mjs\n',
    )
    process.exitCode = 1
  }
}
