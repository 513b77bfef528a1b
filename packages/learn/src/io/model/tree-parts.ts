import {
  type BoostedModel,
  BoostedTrees,
  type ForestModel,
  IsolationForest,
  type IsolationModel,
  RandomForest,
} from '../../trees/index.ts'
import type { TreeModelOf } from './any.ts'
import { wholeArray } from './packed.ts'
import { shareArrays, sharesOf } from './shares.ts'
import { ArrayBook, type NamedArray } from './tensors.ts'
import { treeArrays, treesOf } from './trees.ts'

/** A model of trees taken apart: what it is made by, and its numbers. */
export interface TreeParts {
  readonly options: object
  readonly arrays: readonly NamedArray[]
}

export function treePartsOf(each: TreeModelOf): TreeParts {
  switch (each.kind) {
    case 'boosted-trees': {
      const { trees, outputOf, ...options } = each.model.model
      const output = wholeArray('outputOf', Int32Array.from(outputOf))
      return { options, arrays: [...treeArrays(trees, { values: true, gains: true }), output] }
    }
    case 'random-forest': {
      const { trees, shares, ...others } = each.model.model
      const { classes } = others
      const options = { ...others, importances: Array.from(each.model.importances()) }
      const said = classes === 0 ? [] : shareArrays(trees, shares, classes)
      return { options, arrays: [...treeArrays(trees, { values: classes === 0, gains: false }), ...said] }
    }
    case 'isolation-forest': {
      const { trees, ...options } = each.model.model
      return { options, arrays: treeArrays(trees, { values: true, gains: true }) }
    }
  }
}

/** Puts a model of trees together, by options that were checked. Errors: `model_tensor`, `model_tree`, `model_objective`, `option_wrong`. */
export function treeModelOf(kind: TreeModelOf['kind'], options: object, arrays: readonly NamedArray[]): TreeModelOf {
  const book = new ArrayBook(arrays)
  switch (kind) {
    case 'boosted-trees': {
      const { objective, outputs, baseScore, columns, names } = options as BoostedModel
      const trees = treesOf(book, { values: true, gains: true })
      const outputOf = Array.from(book.whole('outputOf'))
      book.end()
      const made = { objective, outputs, baseScore, columns, trees, outputOf }
      return { kind, model: new BoostedTrees(names === undefined ? made : { ...made, names }) }
    }
    case 'random-forest': {
      const { classes, columns, outOfBag, importances = [] } = options as ForestModel
      const trees = treesOf(book, { values: classes === 0, gains: false })
      const shares = classes === 0 ? [] : sharesOf(book, trees, classes)
      book.end()
      const made = { classes, columns, trees, shares, importances }
      return { kind, model: new RandomForest(outOfBag === undefined ? made : { ...made, outOfBag }) }
    }
    case 'isolation-forest': {
      const { columns, sample } = options as IsolationModel
      const trees = treesOf(book, { values: true, gains: true })
      book.end()
      return { kind, model: new IsolationForest({ columns, sample, trees }) }
    }
  }
}
