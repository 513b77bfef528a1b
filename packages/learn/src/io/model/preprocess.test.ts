import { expect, test } from 'vitest'
import { tableOf } from '../table/index.ts'
import { inputNames, inputTypes, learnPreprocessing, type Preprocessing } from './preprocess.ts'

test('no two inputs have one name, whatever columns and words are called', () => {
  const table = tableOf('mode,mode=auto\nauto,1\nhand,2\nauto,3\n')
  const names = inputNames(learnPreprocessing(table, ['mode', 'mode=auto']))
  expect(names).toEqual(['mode=auto', 'mode=hand', 'mode=auto (2)'])
})

test.each([
  ['a table', undefined],
  ['a stream', { windows: [4], alone: false }],
  ['a stream whose values stay out', { windows: [4, 16], alone: true }],
])('every input has a type: %s', (_, rhythm) => {
  const steps: Preprocessing['steps'] = [
    { from: 'load', kind: 'number', mean: 0, scale: 1, missing: null },
    { from: 'mode', kind: 'one-of', words: ['a', 'b'] },
  ]
  const preprocessing: Preprocessing = rhythm === undefined ? { steps } : { steps, rhythm }
  const types = inputTypes(preprocessing)
  expect(types.length).toBe(inputNames(preprocessing).length)
  expect(types.filter(type => type === 'indicator').length).toBe(rhythm?.alone === true ? 0 : 2)
})
