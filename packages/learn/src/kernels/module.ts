import { compile, Instance, type Memory, type Module } from './web-assembly.ts'

/**
 * Compiles a kernel that is kept in base64 (`kernel/build-nets.mjs`, `kernel/build-trees.mjs`). It is done once a process, at import: a browser compiles no module of this size on its main
 * thread in one go.
 */
export async function compileKernel(base64: string): Promise<Module> {
  return await compile(Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)))
}

/** A kernel's functions, over a memory. Kernels of several modules may share one. */
export function bindKernel<Functions>(module: Module, memory: Memory): Functions {
  // AssemblyScript's stub runtime imports nothing else where nothing aborts.
  const { exports } = new Instance(module, { env: { memory, abort } })
  return exports as Functions
}

function abort(): never {
  throw new Error('a kernel was asked for what it cannot do')
}
