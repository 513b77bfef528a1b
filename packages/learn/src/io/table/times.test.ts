import { expect, test } from 'vitest'
import { type TableOptions, tableOf } from './read.ts'
import { timesOf } from './use.ts'

const days = Array.from({ length: 12 }, (_, i) => `${String(i + 1).padStart(2, '0')}/04/2024`)
const swapped = days.map(day => day.replace(/^(..)\/(..)/, '$2/$1'))
const csv = (texts: readonly string[], sign = ','): string =>
  `day${sign}flow\n${texts.map((text, i) => `${text}${sign}${i}\n`).join('')}`
const iso = (text: string, options: TableOptions = {}): string[] =>
  Array.from(timesOf(tableOf(text, options))!.values, time => new Date(time).toISOString().slice(0, 10))
const APRIL = Array.from({ length: 12 }, (_, i) => `2024-04-${String(i + 1).padStart(2, '0')}`)

test('of two orders of day and month it is the one in which rows come a day apart', () => {
  expect(iso(csv(days))).toEqual(APRIL)
  expect(iso(csv(swapped))).toEqual(APRIL)
  expect(timesOf(tableOf(csv(days)))).not.toHaveProperty('isOpen')
})

test.each(['13/04/2024', '04/13/2024'])('a value over 12, however late, decides for all rows: %s', late => {
  const same = Array.from({ length: 20_000 }, () => '05/04/2024 10:00')
  const times = iso(csv([...same, `${late} 10:00`]))
  expect([times[0], times.at(-1)]).toEqual([late.startsWith('13') ? '2024-04-05' : '2024-05-04', '2024-04-13'])
})

test('where nothing decides, days come first with a semicolon, and the column says that it is open', () => {
  const day = ['05/04/2024 10:00', '05/04/2024 10:01', '05/04/2024 10:02']
  expect(timesOf(tableOf(csv(day, ';')))).toMatchObject({ format: expect.stringMatching(/^dd\/mm/), isOpen: true })
  expect(timesOf(tableOf(csv(day)))).toMatchObject({ format: expect.stringMatching(/^mm\/dd/), isOpen: true })
})

test('the order that is said holds', () => {
  expect(iso(csv(days), { dates: 'mdy' })[1]).toBe('2024-02-04')
  expect(iso(csv(['24/04/05', '24/04/06']), { dates: 'ymd' })).toEqual(['2024-04-05', '2024-04-06'])
  expect(iso(csv(['05-04-2024', '06-04-2024']), { dates: 'dmy' })).toEqual(['2024-04-05', '2024-04-06'])
  expect(() => iso(csv([...days, '13/04/2024']), { dates: 'mdy' })).toThrow(/table:14:1: expected a time as mm\/dd/)
})

test('values that contradict each other are refused where the second stands', () => {
  const fits = Array.from({ length: 20 }, () => '05/04/2024')
  expect(() => tableOf(csv([...fits, '13/04/2024', '04/13/2024']))).toThrow(
    /table:23:1: expected a time as dd\/mm\/yyyy hh:mm:ss in column 'day', as rows before are, found "04\/13\/2024"/,
  )
})

test('a column that is skipped is not read', () => {
  const table = tableOf('a,b\n1,2\n3,4\n5,6\n7,8\n9,word\n', { skips: name => name === 'b' })
  expect(table.columns[1]).toEqual({ kind: 'category', name: 'b', values: new Int32Array(5).fill(-1), categories: [] })
})
