import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './lock.mjs'
import { run, say } from './run.mjs'

const SOURCES = ['addon.c', 'base64.h', 'envelope.h', 'files.h', 'files-call.h', 'sha.h', 'tree.h', 'values.h']
const FLAGS = [
  '-std=c11',
  '-O3',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fPIC',
  '-shared',
  '-fvisibility=hidden',
  '-fstack-protector-strong',
]

/** Builds the addon where it is older than its source. Without it, seals are verified in WebAssembly, at three times the cost. */
export async function buildNative(root) {
  if (process.platform !== 'linux' || !isOld(root)) return
  await exclusively(`native ${root}`, async () => {
    if (isOld(root) && !(await build(root)))
      say('the addon for seals is not built (it needs a C compiler); they are verified in WebAssembly instead')
  })
}

/** Whether it was built. */
export async function build(root) {
  const folder = join(root, 'packages/native')
  mkdirSync(join(folder, 'build'), { recursive: true })
  const include = join(root, 'node_modules/node-api-headers/include')
  const args = [...FLAGS, '-I', include, '-o', join(folder, 'build/addon.node'), join(folder, 'src/addon.c')]
  return (await run('building the addon for seals', process.env.CC ?? 'cc', args)) === 0
}

function isOld(root) {
  const built = join(root, 'packages/native/build/addon.node')
  if (!existsSync(built)) return true
  const { mtimeMs } = statSync(built)
  return SOURCES.some(name => statSync(join(root, 'packages/native/src', name)).mtimeMs > mtimeMs)
}
