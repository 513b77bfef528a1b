import { LearnError } from '../../base/error.ts'
import { checkForestSize, fillMeans, leafValue, nodesOf, noShares, type Tree } from '../../trees/index.ts'
import { floatArrays, floatsOf, Reader, wholeArray } from './packed.ts'
import type { ArrayBook, NamedArray } from './tensors.ts'
import { orderOf } from './trees.ts'

/**
 * The leaves' shares of classes as arrays, in the order of `treeArrays`: how many classes each leaf has rows of (`present`), which (`class`, ascending) and how large a share
 * (`share`). Most leaves are of one class or two, whatever many there are.
 */
export function shareArrays(trees: readonly Tree[], shares: readonly Float32Array[], classes: number): NamedArray[] {
  const leaves = trees.map(tree => orderOf(tree).filter(node => tree.feature[node]! < 0))
  const present = new Int32Array(leaves.reduce((sum, its) => sum + its.length, 0))
  let leaf = 0
  for (const [t, its] of leaves.entries())
    for (const node of its) {
      for (let k = 0; k < classes; k++) present[leaf]! += Number(shares[t]![node * classes + k]! > 0)
      leaf++
    }
  const count = present.reduce((sum, each) => sum + each, 0)
  const [which, share] = [new Int32Array(count), new Float32Array(count)]
  let at = 0
  for (const [t, its] of leaves.entries())
    for (const node of its)
      for (let k = 0; k < classes; k++) {
        const its = shares[t]![node * classes + k]!
        if (!(its > 0)) continue
        which[at] = k
        share[at++] = its
      }
  return [wholeArray('present', present), wholeArray('class', which), ...floatArrays('share', share)]
}

/** The shares of all nodes; the trees get their values by them. Errors: `model_tensor`; `model_options` where they are too many. That they are shares is checked by the forest. */
export function sharesOf(book: ArrayBook, trees: readonly Tree[], classes: number): Float32Array[] {
  checkForestSize(nodesOf(trees), classes)
  const present = new Reader('present', book.whole('present'))
  const which = new Reader('class', book.whole('class'))
  const share = new Reader('share', floatsOf(book, 'share'))
  const all = trees.map(tree => {
    const its = noShares(tree.feature.length, classes)
    for (let node = 0; node < tree.feature.length; node++) {
      if (tree.feature[node]! >= 0) continue
      let last = -1
      for (let left = present.next(); left > 0; left--) {
        const k = which.next()
        if (!(k > last && k < classes))
          throw new LearnError(
            'model_tensor',
            `the tensor 'class' names class ${k} of ${classes} in a leaf, behind ${last}`,
          )
        its[node * classes + k] = share.next()
        last = k
      }
      tree.value[node] = leafValue(its, node, classes)
    }
    fillMeans(tree, its, classes)
    fillMeans(tree, tree.value)
    return its
  })
  for (const each of [present, which, share]) each.end()
  return all
}
