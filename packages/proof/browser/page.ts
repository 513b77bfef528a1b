import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative } from 'node:path'

const SOURCE = join(import.meta.dirname, '../src')
const IMPORT = /(\b(?:from|import)\s*\(?\s*')(\.[^']+)(')/g

/** A package's folder, the module in it that a page imports, and by what name. */
export interface Entry {
  readonly folder: string
  readonly module: string
  readonly name: string
}

/**
 * One HTML file with the whole verifier in it, which a browser runs from a disk, without a network. The page's module imports `@ringwall/proof`.
 * @param script the page's own module
 */
export function verifierPage(script: string): string {
  return modulePage('Ringwall: verify a proof', { folder: SOURCE, module: 'index.ts', name: '@ringwall/proof' }, script)
}

/** One HTML file with a package's modules in it, their types stripped, as data that an import map names, so that it needs no network. */
export function modulePage(title: string, { folder, module, name }: Entry, script: string): string {
  const nameOf = (path: string): string => `${name}/${relative(folder, path).replaceAll('\\', '/')}`
  const first = join(folder, module)
  const imports: Record<string, string> = {}
  for (const [path, text] of modulesFrom(first, nameOf))
    imports[nameOf(path)] = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
  imports[name] = imports[nameOf(first)]!
  return `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' data:">
<title>${title}</title>
<pre id="found">-</pre>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
${script.replaceAll('</script', '<\\/script')}
</script>
`
}

/** Each module that one imports, itself first, as JavaScript whose imports are names. */
function modulesFrom(first: string, nameOf: (path: string) => string): Map<string, string> {
  const found = new Map<string, string>()
  const waiting = [first]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue
    const from = dirname(path)
    const text = stripTypeScriptTypes(readFileSync(path, 'utf8')).replaceAll(IMPORT, (_, head, name, tail) => {
      waiting.push(join(from, name))
      return `${head}${nameOf(join(from, name))}${tail}`
    })
    found.set(path, text)
  }
  return found
}
