/**
 * Compiles AssemblyScript to WebAssembly modules that are kept in the tree as base64, so that whoever installs a package needs no
 * compiler. Each package that has a kernel names its source and its target in `kernel/build.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

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

/** The module's bytes. Throws with what the compiler said where the source is wrong. `features` of WebAssembly are enabled beside SIMD. */
export async function compile(source, features = []) {
  let binary = null
  const more = features.flatMap(feature => ['--enable', feature])
  const { error, stderr } = await asc.main(['kernel.ts', '--outFile', 'kernel.wasm', ...OPTIONS, ...more], {
    readFile: name => (name === 'kernel.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') binary = contents
    },
    listFiles: () => [],
  })
  if (error !== null || binary === null) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return Buffer.from(binary)
}

function moduleText(binary, made) {
  const lines = binary.toString('base64').match(/.{1,150}/g) ?? []
  return `/** What \`kernel/build.mjs\` makes of \`${made}\`: a WebAssembly module in base64. */
export const KERNEL =
${lines.map((line, index) => `  ${index === 0 ? '' : '+ '}'${line}'`).join('\n')}
`
}

/** Writes what a source compiles to into `target`; with `--check` only says whether what is kept there is that. */
export async function keep(source, made, target, features = []) {
  const text = moduleText(await compile(source, features), made)
  if (!process.argv.includes('--check')) writeFileSync(target, text)
  else if (readFileSync(target, 'utf8').replaceAll(/[\s+']/g, '') !== text.replaceAll(/[\s+']/g, '')) {
    process.stderr.write(`${target.pathname} is not what ${made} makes: run the package's kernel/build.mjs\n`)
    process.exitCode = 1
  }
}
