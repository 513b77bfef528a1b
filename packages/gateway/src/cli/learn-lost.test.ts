import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')

test('a file that was read is not written over, by its name or by a link', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-lost-'))
  try {
    const lines = Array.from(
      { length: 200 },
      (_, row) => `${Math.sin(row)},${Math.cos(row / 3)},${row % 2 ? 'on' : 'off'}`,
    )
    const text = `a,b,state\n${lines.join('\n')}\n`
    writeFileSync(join(folder, 'a.csv'), text)
    symlinkSync('a.csv', join(folder, 'link.svg'))
    const tries = [
      ['sanitize', 'a.csv', '--out', 'a.csv'],
      ['series', 'a.csv', '--train-rows', '100', '--out', './a.csv'],
      ['change', 'a.csv', '--plot', 'link.svg'],
      ['fit', '--train', 'a.csv', '--label', 'state', '--save', 'a.csv'],
    ]
    for (const args of tries) {
      const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect([args[0], status, stderr]).toEqual([args[0], 2, expect.stringContaining('would be lost')])
      expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe(text)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
