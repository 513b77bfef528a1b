import { expect, test } from 'vitest'
import { tableOf } from '../table/index.ts'
import { inputNames, learnPreprocessing } from './preprocess.ts'

test('no two inputs have one name, whatever columns and words are called', () => {
  const table = tableOf('mode,mode=auto\nauto,1\nhand,2\nauto,3\n')
  const names = inputNames(learnPreprocessing(table, ['mode', 'mode=auto']))
  expect(names).toEqual(['mode=auto', 'mode=hand', 'mode=auto (2)'])
})
