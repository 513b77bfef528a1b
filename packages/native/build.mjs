/**
 * Builds the addon with the system's C compiler: `node packages/native/build.mjs`. Node-API is the same in all versions of Node, so it is
 * built once. Exits with 1 where it cannot be built, having said why.
 */
import { fileURLToPath } from 'node:url'
import { build } from '../../scripts/setup/native.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
process.exitCode = (await build(root)) ? 0 : 1
