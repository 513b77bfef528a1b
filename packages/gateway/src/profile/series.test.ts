import { expect, test } from 'vitest'
import { SeriesBook } from './series.ts'

const signal = (unit: string, states: readonly string[]) =>
  ({ name: 'level', unit, states }) as unknown as ReturnType<ConstructorParameters<typeof SeriesBook>[0]>
const book = (unit: string, states: readonly string[] = []): SeriesBook => {
  const series = new SeriesBook((device, name) =>
    device === 'level-1' && name === 'level' ? signal(unit, states) : undefined,
  )
  series.find('level-1/level')
  return series
}

test('a series gets its number when it is first asked for, and keeps it', () => {
  const series = book('m')
  expect(series.names).toEqual(['level-1/level'])
  expect(series.numberOf('level-1', 'level')).toBe(0)
  expect(series.numberOf('level-2', 'level')).toBe(-1)
  expect(series.find('level-1/level/more')).toBeUndefined()
})

test('another unit or another order of states is another meaning', () => {
  expect(book('m').meanings).toEqual(book('m').meanings)
  expect(book('m').meanings).not.toEqual(book('cm').meanings)
  expect(book('', ['on', 'off']).meanings).not.toEqual(book('', ['off', 'on']).meanings)
})
