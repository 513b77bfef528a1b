/** What of the WebAssembly interface is used here; Node's own types leave it to a browser's. */
export interface Memory {
  readonly buffer: ArrayBuffer
}

/** A compiled module. */
export type Module = object

interface WebAssemblyInterface {
  compile(bytes: Uint8Array): Promise<Module>
  Memory: new (pages: { initial: number; maximum: number }) => Memory
  Instance: new (module: Module, imports: { env: object }) => { readonly exports: object }
}

export const { compile, Memory, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyInterface })
  .WebAssembly
