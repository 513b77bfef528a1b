import { LearnError } from '../base/error.ts'
import type { LoadedModel, ModelRecord } from '../io/index.ts'
import type { TriggerSpace } from './space.ts'

/** What a suspect calls otherwise than the space does: the space's name, and the suspect's. */
export interface Naming {
  readonly classes: ReadonlyMap<string, string>
  readonly columns: ReadonlyMap<string, string>
}

export const AS_CLAIMED: Naming = { classes: new Map(), columns: new Map() }

/** The columns and classes of a space as a suspect calls them, in the space's order. */
export interface Named {
  readonly columns: readonly string[]
  readonly classes: readonly string[]
  /** In how many ways names could have been matched: each is a try, and p is multiplied by it. */
  readonly ways: number
}

/**
 * Names a space anew. Whoever matches names after the fact has a choice: of k classes k! ways; of columns two where they stand in the model's own order (this way, or all others together), else
 * twice as many as there are orders. Error: `watermark_naming`, where a name is not in the space or two are one.
 * @param model whose order of columns counts; null where nobody can look
 */
export function namedAs(space: TriggerSpace, naming: Naming, model: ModelRecord | LoadedModel | null): Named {
  const columnsOf = space.columns.map(({ name }) => name)
  const columns = renamed(columnsOf, naming.columns, 'column')
  const classes = renamed(space.classes, naming.classes, 'class')
  const isInOrder = model?.preprocessing.steps.every(({ from }, i) => from === columns[i]) === true
  const ofColumns = naming.columns.size === 0 ? 1 : isInOrder ? 2 : 2 * factorial(columns.length)
  return { columns, classes, ways: ofColumns * (naming.classes.size === 0 ? 1 : factorial(classes.length)) }
}

function renamed(names: readonly string[], naming: ReadonlyMap<string, string>, what: string): string[] {
  const unknown = [...naming.keys()].find(name => !names.includes(name))
  if (unknown !== undefined) throw wrong(`the claim has no ${what} '${unknown}'`)
  const found = names.map(name => naming.get(name) ?? name)
  const twice = found.find((name, i) => found.indexOf(name) < i)
  if (twice !== undefined) throw wrong(`two of the claim's names would be the ${what} '${twice}'`)
  return found
}

/** Infinite from 171 on: p is 1 then. */
function factorial(count: number): number {
  let product = 1
  for (let i = 2; i <= count; i++) product *= i
  return product
}

const wrong = (what: string) => new LearnError('watermark_naming', what)
