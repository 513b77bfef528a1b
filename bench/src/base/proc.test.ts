import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cpuMicroseconds, memoryOf, parseRollup, runNanoseconds } from './proc.ts'

describe('what the kernel says about a process', () => {
  test('schedstat: run time is the first of three fields', () => {
    expect(runNanoseconds('123456789 42 7\n')).toBe(123456789)
    expect(() => runNanoseconds('')).toThrow('schedstat')
  })

  test('smaps_rollup: the fields by name, in KiB', () => {
    const text = '5581-7ffd ---p 0 00:00 0 [rollup]\nRss:  100 kB\nPss:  90 kB\nPss_Anon:  1 kB\nAnonymous:  80 kB\n'
    expect(parseRollup(text)).toEqual({ rss: 100, pss: 90, anonymous: 80 })
    expect(() => parseRollup('Rss: 1 kB')).toThrow('Pss')
  })

  test('the sum over the threads agrees with utime and stime', () => {
    const until = performance.now() + 150
    while (performance.now() < until);
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    expect(Math.abs(cpuMicroseconds(process.pid) / 10_000 - ticks)).toBeLessThan(10)
    expect(memoryOf(process.pid).rss).toBeGreaterThan(1000)
  })
})
