import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '..', '..', 'bin', 'ringwall.mjs')

/** Runs a line of the shell in which `$ringwall` is the command. */
const shell = (line: string) =>
  spawnSync('sh', ['-c', line], {
    encoding: 'utf8',
    env: { ...process.env, ringwall: `${process.execPath} ${SCRIPT}` },
  })

test.each(['--help', 'rules list', 'rules list --json'])('%s for a reader who has enough ends in silence', args => {
  const done = shell(`{ $ringwall ${args}; echo "status $?" >&2; } | true`)
  expect(done.stderr).toBe('status 0\n')
})

test.runIf(existsSync('/dev/full'))('a disk that is full is told, without a stack trace', () => {
  const done = shell('$ringwall rules list > /dev/full')
  expect(done.status).toBe(2)
  expect(done.stderr).toMatch(/^error output_unusable\n {2}what {3}standard output cannot be written \(ENOSPC\)\n/)
  expect(done.stderr).not.toContain('    at ')
})

test('what can be written is', () => {
  expect(execFileSync(process.execPath, [SCRIPT, 'rules', 'list'], { encoding: 'utf8' })).toContain('1883001')
})
