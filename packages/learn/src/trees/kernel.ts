import { bindKernel, compileKernel } from '../kernels/module.ts'
import { KERNEL } from '../kernels/trees-bytes.ts'
import type { Memory } from '../kernels/web-assembly.ts'

/** The kernels of trees (`kernel/trees-*.as`, which says what each does). All places are bytes in the memory they are bound to. */
export interface TreeKernels {
  spread(row: number, columns: number, mirrored: number, to: number): void
  layOut(rows: number, eights: number, columns: number, mirrored: number, to: number): void
  walkRow(row: number, roots: number, depths: number, eights: number, sum: number): number
  walkRows(rows: number, eights: number, size: number, tops: number, depths: number, trees: number, out: number): void
  paths(row: number, roots: number, trees: number, out: number): void
  sortFloats(at: number, other: number, count: number, counts: number): void
  bin(values: number, count: number, cuts: number, out: number, stride: number, none: number): void
  partition(
    index: number,
    count: number,
    bins: number,
    stride: number,
    last: number,
    none: number,
    scratch: number,
  ): number
  sigmoid(at: number, count: number): void
  logisticGradients(margins: number, labels: number, weights: number, count: number, out: number): void
  histogram(hist: number, index: number, count: number, bins: number, columns: number, pairs: number): void
  total(index: number, count: number, pairs: number, out: number): void
  subtract(a: number, b: number, bytes: number): void
  bestSplit(
    hist: number,
    features: number,
    count: number,
    binned: number,
    g: number,
    h: number,
    lambda: number,
    alpha: number,
    least: number,
    best: number,
    out: number,
  ): number
  addLeaf(index: number, count: number, value: number, margins: number): void
  forestSplit(
    hist: number,
    seen: number,
    left: number,
    record: number,
    index: number,
    rows: number,
    bins: number,
    data: number,
    all: number,
    least: number,
    entropy: number,
    best: number,
    out: number,
    spread: number,
  ): number
  range(values: number, index: number, count: number, out: number): void
  divide(values: number, index: number, count: number, threshold: number, scratch: number, out: number): number
}

const module = await compileKernel(KERNEL)

/** The kernels over a memory. */
export function treeKernels(memory: Memory): TreeKernels {
  return bindKernel<TreeKernels>(module, memory)
}
