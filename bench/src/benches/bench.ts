import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Options } from '../base/options.ts'
import type { Line } from '../base/report.ts'

/** A bench: measures and yields its lines as they come. */
export type Bench = (setting: Setting) => AsyncGenerator<Line>

/** What a bench is given. */
export interface Setting {
  readonly options: Options
  /** An empty folder that is removed at the end. */
  readonly folder: string
  /** Registers what must be stopped at the end, whatever happens; stopped in reverse order. */
  own<T extends { stop(): Promise<void> }>(resource: T): T
}

/** Runs a bench and hands its lines to `onLine`; stops all that it started and removes its folder, also after an error. */
export async function runBench(bench: Bench, options: Options, onLine: (line: Line) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-bench-'))
  const owned: { stop(): Promise<void> }[] = []
  const own = <T extends { stop(): Promise<void> }>(resource: T): T => {
    owned.push(resource)
    return resource
  }
  try {
    for await (const line of bench({ options, folder, own })) onLine(line)
  } finally {
    for (const resource of owned.reverse()) await resource.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
