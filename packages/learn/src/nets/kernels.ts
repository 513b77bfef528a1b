import { Arena } from '../kernels/arena.ts'
import { bindKernel, compileKernel } from '../kernels/module.ts'
import { KERNEL } from '../kernels/nets-bytes.ts'
import { KERNEL as FUSED_KERNEL } from '../kernels/nets-fused-bytes.ts'
import type { Memory, Module } from '../kernels/web-assembly.ts'
import type { NetKernels } from './net-kernels.ts'

/** What a module has beside its kernels. */
interface Constants {
  /** Writes constants below an arena's beginning. */
  prepare(): void
  /** 2^-24 for 1 + 2^-12 where `mac` rounds once, else 0. */
  rounding(x: number): number
}

const plain = await compileKernel(KERNEL)
const fused = await fusedKernel()

/** Whether training multiplies and adds with one rounding here: a third quicker, with other last bits than where it does not. */
export const FUSED = fused !== null

/** The kernels, over an arena's memory. What scores uses the plain ones, which reckon to the same bits on every machine. */
export function bindNets(memory: Memory): NetKernels {
  return bind(plain, memory)
}

/** The kernels for training, over an arena's memory. */
export function bindTraining(memory: Memory): NetKernels {
  return bind(fused ?? plain, memory)
}

function bind(module: Module, memory: Memory): NetKernels {
  const kernels = bindKernel<NetKernels & Constants>(module, memory)
  kernels.prepare()
  return kernels
}

/** null where a host knows no relaxed SIMD, or its processor rounds twice all the same. */
async function fusedKernel(): Promise<Module | null> {
  try {
    const module = await compileKernel(FUSED_KERNEL)
    const { memory } = new Arena(0)
    return bindKernel<Constants>(module, memory).rounding(1 + 2 ** -12) === 2 ** -24 ? module : null
  } catch {
    return null
  }
}

/** How wide a row of so many floats is in an arena: kernels take four floats at a time. */
export function padded(columns: number): number {
  return (columns + 3) & ~3
}
