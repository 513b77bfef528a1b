import { readdirSync, readFileSync } from 'node:fs'

/**
 * CPU time, in microseconds, that all threads of a process have used so far, in user and kernel mode.
 * Sums `/proc/PID/task/TID/schedstat`, the nanoseconds from which `utime` and `stime` of `/proc/PID/stat` are
 * rounded to 10 ms; a thread that ended in between is not counted, and none of the servers measured ends one.
 */
export function cpuMicroseconds(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += runNanoseconds(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
  }
  return nanoseconds / 1000
}

/** The CPU time of several processes together, in microseconds. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMicroseconds(pid), 0)
}

/** The first field of a `schedstat` file: nanoseconds on a CPU. */
export function runNanoseconds(schedstat: string): number {
  const field = Number(schedstat.split(' ')[0])
  if (!Number.isFinite(field) || schedstat === '') throw new Error('schedstat is not readable')
  return field
}

/** Memory of a process in KiB: resident, proportional, and anonymous (what the program itself allocated). */
export interface Memory {
  readonly rss: number
  readonly pss: number
  readonly anonymous: number
}

/** Reads `/proc/PID/smaps_rollup`. */
export function memoryOf(pid: number): Memory {
  return parseRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
}

/** Parses the text of a `smaps_rollup` file. */
export function parseRollup(text: string): Memory {
  const field = (name: string) => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)
    if (found === null) throw new Error(`smaps_rollup has no ${name}`)
    return Number(found[1])
  }
  return { rss: field('Rss'), pss: field('Pss'), anonymous: field('Anonymous') }
}
