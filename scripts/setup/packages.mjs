import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exclusively } from './lock.mjs'
import { run } from './run.mjs'

/** Runs `npm ci` where node_modules is missing or is not what the lock file asks for. */
export async function installPackages(root) {
  if (whatIsMissing(root) === undefined) return
  await exclusively(`packages ${root}`, async () => {
    const missing = whatIsMissing(root)
    if (missing === undefined) return
    const [command, args] = npm()
    const code = await run(`installing packages (${missing})`, command, [...args, 'ci', '--no-audit', '--no-fund'])
    if (code !== 0) throw new Error('npm ci failed; its own message stands above')
    const still = whatIsMissing(root)
    if (still !== undefined)
      throw new Error(`npm ci ended well, yet ${still}; are install scripts switched off in .npmrc?`)
  })
}

/**
 * Says in words what is missing, or nothing. Compares npm's own record of what it installed with the lock file,
 * since a checkout changes file times without changing what is wanted.
 */
function whatIsMissing(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return 'node_modules is not there'
  const installed = packagesOf(record)
  for (const [path, entry] of Object.entries(wanted)) {
    // Optional packages are for other systems; the root and the workspaces are this checkout itself.
    if (entry.optional || !path.includes('node_modules/')) continue
    const there = installed[path]
    if (there === undefined || !existsSync(join(root, path))) return `${path} is not there`
    if (there.version !== entry.version || there.integrity !== entry.integrity) return `${path} is not the locked one`
  }
  if (!existsSync(join(root, 'node_modules', 'node', 'bin', 'node'))) return 'the Node of this project is not there'
  return undefined
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

// npm must not run on the Node that lies in the node_modules which `npm ci` is about to remove.
function npm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env
  if (script === undefined || !existsSync(script)) return ['npm', []]
  const fitting =
    node !== undefined && existsSync(node) && !dirname(node).includes('node_modules') ? node : process.execPath
  return [fitting, [script]]
}
