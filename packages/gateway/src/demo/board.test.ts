import { attacks, type LabEvent } from '@ringwall/lab'
import { expect, test } from 'vitest'
import type { Gateway } from '../gateway.ts'
import { Board } from './board.ts'

const codes = Array.from({ length: 12 }, (_, i) => ({
  guard: 'access',
  code: `code_${i}`,
  decision: 'refuse',
  count: i,
}))
const totals = { forwarded: 1e5, delivered: 1e5, refused: 1e4, throttled: 1e4, acts: 1e5 }
const gateway = { book: { totals, connections: 26, codes }, port: 8883, devices: 26 } as unknown as Gateway
const below = ['one', 'two']

function board(): Board {
  const made = new Board(gateway)
  const at = { time: 0, device: 'x' }
  made.see({ kind: 'phase', time: 0, phase: 'attacking' })
  made.see({
    kind: 'fleet',
    time: 0,
    devices: 26,
    connected: 26,
    dropped: 0,
    published: 2000,
    delivered: 2000,
    latency: { p50: 1.5, p99: 12 },
  })
  const values = { 'level-1': 1, 'level-2': 1, 'flow-1': 5.25, 'temperature-1': 20.5, 'pressure-1': 120.5 }
  made.see({ kind: 'plant', time: 0, mode: 'start-up', values, conditions: ['pump-1 runs dry', 'tank-1 overflows'] })
  for (const { name, technique, title, expected } of attacks) {
    made.see({ kind: 'attack-start', name, technique, title, expected, ...at })
    const report = { name, attempts: 3000, effect: 0, error: null }
    made.see({ kind: 'attack-end', time: 0, report } as unknown as LabEvent)
    made.stopped(name, 'invariant, observing')
  }
  return made
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colors are what is taken out.
const plain = (lines: readonly string[]): string[] => lines.map(line => line.replaceAll(/\x1b\[\d+m/g, ''))

test('shows everything where there is room, no line wider than a narrow terminal', () => {
  const lines = plain(board().draw(below))
  expect(lines.filter(line => line.length > 80)).toEqual([])
  expect(lines.slice(-2)).toEqual(below)
  expect(lines.filter(line => line.startsWith('access')).length).toBe(8)
  for (const { name } of attacks)
    expect(
      lines.some(line => line.startsWith(name)),
      name,
    ).toBe(true)
})

test.each([24, 36, 44, 50])('fits %i rows, and the last attacks are in it', rows => {
  const lines = plain(board().draw(below, rows))
  expect(lines.length).toBeLessThanOrEqual(rows)
  expect(lines[0]).toContain('Ringwall')
  expect(lines.some(line => line.startsWith(attacks.at(-1)?.name ?? ''))).toBe(true)
})
