import { expect, test } from 'vitest'
import { matrixOf } from '../base/matrix.ts'
import { heldOutScores, type Recipe } from './index.ts'

test('what is held out shares no row with what is learned, nor with what fills its windows', () => {
  const rows = matrixOf(Array.from({ length: 100 }, (_, row) => [row]))
  const learned: Set<number>[] = []
  const pushed: Set<number>[] = []
  const recipe: Recipe = {
    name: 'told',
    warmUp: 7,
    fit(pieces) {
      learned.push(new Set(pieces.flatMap(({ data }) => Array.from(data))))
      const seen = new Set<number>()
      pushed.push(seen)
      const push = (row: ArrayLike<number>) => seen.add(row[0]!).size
      return {
        name: 'told',
        sensors: 1,
        warmUp: 7,
        stream: () => ({ bytes: 0, push, contributions: () => new Float64Array(1) }),
      }
    },
  }
  heldOutScores(recipe, rows, 4)
  expect(learned.map((each, fold) => [...each].filter(row => pushed[fold]!.has(row)).length)).toEqual([0, 0, 0, 0])
  // Nothing else is left out.
  expect(learned.map((each, fold) => new Set([...each, ...pushed[fold]!]).size)).toEqual([100, 100, 100, 100])
})
