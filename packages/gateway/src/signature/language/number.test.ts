import { expect, test } from 'vitest'
import { readNumberTest } from './number.ts'

/** The numbers from 0 to 9 that fulfil a condition. */
const fulfilling = (text: string, names?: ReadonlyMap<string, number>) => {
  const holds = readNumberTest(text, 255, names)
  return holds === null ? null : Array.from({ length: 10 }, (_, value) => value).filter(holds)
}

test.each([
  ['5', [5]],
  ['=5', [5]],
  ['== 0x05', [5]],
  ['!5', [0, 1, 2, 3, 4, 6, 7, 8, 9]],
  ['!=5', [0, 1, 2, 3, 4, 6, 7, 8, 9]],
  ['>7', [8, 9]],
  ['>= 7', [7, 8, 9]],
  ['<2', [0, 1]],
  ['<=2', [0, 1, 2]],
  ['3-6', [4, 5]],
  ['3<>6', [4, 5]],
  ['!3-6', [0, 1, 2, 3, 6, 7, 8, 9]],
  ['&0x3=0x1', [1, 5, 9]],
  ['&3!=1', [0, 2, 3, 4, 6, 7, 8]],
  ['two', [2]],
  ['!two', [0, 1, 3, 4, 5, 6, 7, 8, 9]],
])('%s: %j', (text, wanted) => {
  expect(fulfilling(text, new Map([['two', 2]]))).toEqual(wanted)
})

test.each(['', 'x', '256', '-1', '3-4', '6-3', '&3=4', '5 6', '1,all', '0x', '><3'])('%j is no condition', text => {
  expect(fulfilling(text)).toBe(null)
})

test('units', () => {
  expect(readNumberTest('>1kb', 1e9)?.(1_025)).toBe(true)
  expect(readNumberTest('1MiB', 1e9)?.(1_048_576)).toBe(true)
})
